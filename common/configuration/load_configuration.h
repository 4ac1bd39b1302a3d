// Reads the supervisor's configuration file. The keys, their meaning and their
// defaults are in common/configuration/README.md.
#pragma once

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>

#include "common/configuration/configuration.h"

namespace rota {

using Environment = std::map<std::string, std::string, std::less<>>;

// A configuration that cannot be used. The message has a line for each fault: file,
// line and column, the key, what stands there and what was expected.
class ConfigurationError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Reads and checks the whole file; of the environment it uses DISABLE_AUTH. Relative
// paths in the file are relative to its directory. Throws ConfigurationError.
Configuration load_configuration(const std::filesystem::path& file, const Environment& environment);

// The variables of this process.
Environment process_environment();

}  // namespace rota
