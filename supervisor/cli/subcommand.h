// A subcommand of the command line as its own file sees it. This is the one door to CLI11, whose
// headers take longer to compile than all else of a command.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace rota {

// A handle; CLI11 owns the subcommand for the life of the whole command line.
class Subcommand {
 public:
  // Each member answers the same option, so that they can be chained.
  class Option {
   public:
    explicit Option(CLI::Option* option) : option_{option} {}

    Option required() const;
    Option from_environment(const std::string& variable) const;
    // --help tells the value that stands there now.
    Option show_default() const;
    Option in_range(int low, int high) const;
    Option positive() const;
    Option not_empty() const;
    // `fault` answers what is wrong with a value, or an empty text.
    Option check(std::function<std::string(const std::string&)> fault) const;
    Option excludes(Option other) const;
    // Takes one value each time it is named, and may be named again.
    Option one_value_each() const;

   private:
    CLI::Option* option_;
  };

  explicit Subcommand(CLI::App* app) : app_{app} {}

  Subcommand add(const std::string& name, const std::string& description) const;
  // One of its own subcommands must be named.
  void require_subcommand() const;

  // The value outlives the command line. A name without dashes is positional.
  Option option(const std::string& name, std::string& value, const std::string& help) const;
  Option option(const std::string& name, int& value, const std::string& help) const;
  Option option(const std::string& name, std::int64_t& value, const std::string& help) const;
  Option option(const std::string& name, std::vector<std::string>& values, const std::string& help) const;
  Option option(const std::string& name, std::vector<std::filesystem::path>& values,
                const std::string& help) const;
  Option flag(const std::string& name, bool& value, const std::string& help) const;

  // What it does once the command line has been read.
  void callback(std::function<void()> body) const;

  std::string name() const;

 private:
  CLI::App* app_;
};

}  // namespace rota
