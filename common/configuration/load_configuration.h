// Reads the supervisor's configuration file and the job files beside it. The keys, their
// meaning and their defaults are in common/configuration/README.md.
#pragma once

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/configuration/configuration.h"

namespace rota {

using Environment = std::map<std::string, std::string, std::less<>>;

struct ConfigurationFault {
  std::filesystem::path file;
  std::string text;  // begins with the file; with line and column where it has a place
};

// A configuration that cannot be used. The message has a line for each fault: file,
// line and column, the key, what stands there and what was expected.
class ConfigurationError : public std::runtime_error {
 public:
  explicit ConfigurationError(std::vector<ConfigurationFault> faults);
  const std::vector<ConfigurationFault>& faults() const { return faults_; }

 private:
  std::vector<ConfigurationFault> faults_;
};

// Reads and checks the file and every *.toml of its jobs_directory, in the order of names.
// Of the environment it uses DISABLE_AUTH, ROTA_JOBS_DIRECTORY (in place of jobs_directory)
// and CREDENTIALS_DIRECTORY. Relative paths in a file are relative to its directory. Throws
// ConfigurationError with the faults of all files.
Configuration load_configuration(const std::filesystem::path& file, const Environment& environment);

// The same as if `job_files` stood in jobs_directory too, each in place of the one of its
// name there: what the configuration would be with them.
Configuration load_configuration(const std::filesystem::path& file, const Environment& environment,
                                 const std::vector<std::filesystem::path>& job_files);

// The tables of job files without a configuration: the concurrency groups are not known, so
// any is taken, and a history table adds to the default rules. Throws ConfigurationError.
std::map<std::string, JobSettings, std::less<>> load_job_files(
    const std::vector<std::filesystem::path>& files);

// The variables of this process.
Environment process_environment();

}  // namespace rota
