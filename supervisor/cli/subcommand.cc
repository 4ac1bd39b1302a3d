#include "supervisor/cli/subcommand.h"

#include <CLI/CLI.hpp>
#include <utility>

namespace rota {

Subcommand::Option Subcommand::Option::required() const { return Option{option_->required()}; }

Subcommand::Option Subcommand::Option::from_environment(const std::string& variable) const {
  return Option{option_->envname(variable)};
}

Subcommand::Option Subcommand::Option::show_default() const { return Option{option_->capture_default_str()}; }

Subcommand::Option Subcommand::Option::in_range(int low, int high) const {
  return Option{option_->check(CLI::Range(low, high))};
}

Subcommand::Option Subcommand::Option::positive() const {
  return check([](const std::string& value) {
    const bool whole = value.find_first_not_of("0123456789") == std::string::npos;
    return whole && value.find_first_not_of('0') != std::string::npos
               ? std::string{}
               : "expected a whole number above 0, found " + value;
  });
}

Subcommand::Option Subcommand::Option::not_empty() const {
  return check(
      [](const std::string& value) { return value.empty() ? "expected a text, found none" : std::string{}; });
}

Subcommand::Option Subcommand::Option::check(std::function<std::string(const std::string&)> fault) const {
  return Option{option_->check(std::move(fault))};
}

Subcommand::Option Subcommand::Option::excludes(Option other) const {
  return Option{option_->excludes(other.option_)};
}

Subcommand::Option Subcommand::Option::one_value_each() const {
  return Option{option_->allow_extra_args(false)};
}

Subcommand Subcommand::add(const std::string& name, const std::string& description) const {
  return Subcommand{app_->add_subcommand(name, description)};
}

void Subcommand::require_subcommand() const { app_->require_subcommand(1); }

Subcommand::Option Subcommand::option(const std::string& name, std::string& value,
                                      const std::string& help) const {
  return Option{app_->add_option(name, value, help)};
}

Subcommand::Option Subcommand::option(const std::string& name, int& value, const std::string& help) const {
  return Option{app_->add_option(name, value, help)};
}

Subcommand::Option Subcommand::option(const std::string& name, std::int64_t& value,
                                      const std::string& help) const {
  return Option{app_->add_option(name, value, help)};
}

Subcommand::Option Subcommand::option(const std::string& name, std::vector<std::string>& values,
                                      const std::string& help) const {
  return Option{app_->add_option(name, values, help)};
}

Subcommand::Option Subcommand::option(const std::string& name, std::vector<std::filesystem::path>& values,
                                      const std::string& help) const {
  return Option{app_->add_option(name, values, help)};
}

Subcommand::Option Subcommand::flag(const std::string& name, bool& value, const std::string& help) const {
  return Option{app_->add_flag(name, value, help)};
}

void Subcommand::callback(std::function<void()> body) const { app_->callback(std::move(body)); }

std::string Subcommand::name() const { return app_->get_name(); }

}  // namespace rota
