// The configuration file: it is read, or every fault is told with the file's name and in UTF-8;
// the schedules that it holds keep their promises.
#include "common/configuration/load_configuration.h"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "common/protocol/utf8.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/occurrences.h"
#include "tests/new_path.h"

namespace {

struct Surroundings {
  Surroundings() {
    std::filesystem::create_directory(directory / "jobs.d");
    std::ofstream{directory / "secret"} << "an example secret of 32 bytes or more";
    chmod((directory / "secret").c_str(), 0600);
  }
  rota::OwnDirectory directory{"rota-fuzz"};
  rota::Environment environment{{"ROTA_JOBS_DIRECTORY", directory / "jobs.d"}};
};

// Said anew, and not by common/text/job_name.h, which is what it tests.
bool is_no_path(const std::string& name) {
  const bool has_control_or_space =
      std::any_of(name.begin(), name.end(), [](char byte) { return byte <= ' ' || byte == '\x7f'; });
  return !name.empty() && name.front() != '.' && name.front() != '-' && !has_control_or_space &&
         name.find_first_of("/\\%~*?") == std::string::npos;
}

void require_good(const rota::Configuration& configuration, std::string_view text) {
  rota::require(configuration.threads > 0 && configuration.processes > 0, "there are places to run in", text);
  for (const auto& [name, job] : configuration.jobs) {
    rota::require(is_no_path(name), "a job has a name that is no path", text);
    if (job.schedule) rota::require_same_after_writing(*job.schedule, text);
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Surroundings surroundings;
  const std::string_view text = rota::text_of(data, size);
  const auto file = surroundings.directory / "rota.toml";
  std::ofstream{file, std::ios::binary} << text;
  try {
    require_good(rota::load_configuration(file, surroundings.environment), text);
  } catch (const rota::ConfigurationError& error) {
    rota::require(!error.faults().empty(), "an error has a fault", text);
    for (const auto& fault : error.faults()) {
      rota::require(fault.text.starts_with(fault.file.string()), "a fault begins with its file", text);
      rota::require(rota::to_valid_utf8(fault.text) == fault.text, "a fault is UTF-8", text);
    }
  }
  return 0;
}
