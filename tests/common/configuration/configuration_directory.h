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
  ConfigurationDirectory() {
    write("secret", "secret", 0600);
    write("open", "secret", 0644);
  }

  void write(const std::string& name, const std::string& text, mode_t mode = 0644) const {
    std::filesystem::create_directories((directory_ / name).parent_path());
    std::ofstream{directory_ / name} << text;
    chmod((directory_ / name).c_str(), mode);
  }

  Configuration load(const std::string& text, const Environment& environment = {}) const {
    write("rota.toml", text);
    return load_configuration(directory_ / "rota.toml", environment);
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

  const std::filesystem::path& path() const { return directory_.path(); }

 private:
  OwnDirectory directory_{"rota-configuration"};
};

}  // namespace rota
