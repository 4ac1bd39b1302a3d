// A directory with a configuration, its secret and its job files, for tests; gone with the value.
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "common/configuration/load_configuration.h"
#include "tests/new_path.h"

namespace rota {

// What every configuration with HTTP needs.
inline const std::string kKey = "[http.jwt]\nsecret_file = 'secret'\n";

class ConfigurationDirectory {
 public:
  ConfigurationDirectory() : path_{new_path("rota-configuration")} {
    std::filesystem::create_directories(path_);
    write("secret", "secret", 0600);
    write("open", "secret", 0644);
  }
  ConfigurationDirectory(const ConfigurationDirectory&) = delete;
  ConfigurationDirectory& operator=(const ConfigurationDirectory&) = delete;
  ~ConfigurationDirectory() { std::filesystem::remove_all(path_); }

  void write(const std::string& name, const std::string& text, mode_t mode = 0644) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream{path_ / name} << text;
    chmod((path_ / name).c_str(), mode);
  }

  Configuration load(const std::string& text, const Environment& environment = {}) const {
    write("rota.toml", text);
    return load_configuration(path_ / "rota.toml", environment);
  }

  // What is wrong with it; "no fault" for nothing.
  std::string fault(const std::string& text, const Environment& environment = {}) const {
    try {
      load(text, environment);
    } catch (const ConfigurationError& error) {
      return error.what();
    }
    return "no fault";
  }

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace rota
