#include "common/configuration/load_configuration.h"

#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "common/configuration/read_http.h"
#include "common/configuration/read_job.h"
#include "common/configuration/read_mail.h"
#include "common/configuration/read_supervisor.h"
#include "common/configuration/table_reader.h"
#include "common/configuration/toml_file.h"

namespace rota {
namespace {

using Files = std::vector<std::filesystem::path>;
using Faults = std::vector<ConfigurationFault>;
using Jobs = std::map<std::string, JobSettings, std::less<>>;

std::string lines_of(const Faults& faults) {
  std::string all;
  for (const ConfigurationFault& fault : faults) all += (all.empty() ? "" : "\n") + fault.text;
  return all;
}

void append(const Problems& problems, Faults& faults) {
  for (const std::string& message : problems.messages()) faults.push_back({problems.file(), message});
}

struct JobsDirectory {
  std::filesystem::path path;
  std::string named_by;  // then it must be there
};

JobsDirectory jobs_directory(TableReader& supervisor, const Environment& environment) {
  const auto written = supervisor.path("jobs_directory");
  const auto variable = environment.find("ROTA_JOBS_DIRECTORY");
  if (variable != environment.end() && !variable->second.empty())
    return {variable->second, "ROTA_JOBS_DIRECTORY or --jobs-directory"};
  if (written) return {*written, "supervisor.jobs_directory"};
  return {std::filesystem::absolute(supervisor.file()).parent_path() / "jobs.d", ""};
}

// The *.toml of the directory in the order of names, as the shell's * finds them.
Files files_of(const JobsDirectory& directory, Problems& problems) {
  Files files;
  std::error_code error;
  for (std::filesystem::directory_iterator entry{directory.path, error}, end; !error && entry != end;
       entry.increment(error))
    if (entry->path().extension() == ".toml" && !entry->path().filename().string().starts_with('.'))
      files.push_back(entry->path());
  std::sort(files.begin(), files.end());
  if (error && (!directory.named_by.empty() || error != std::errc::no_such_file_or_directory))
    problems.add((directory.named_by.empty() ? "jobs directory" : directory.named_by) + " " +
                 directory.path.string() + ": " + error.message() + "; expected a directory with job files");
  if (!error) check_directory_owner(directory.path, problems);
  return files;
}

void read_job_file(const std::filesystem::path& file, const JobSurroundings& surroundings, Jobs& jobs,
                   Faults& faults) {
  Problems problems{file};
  if (const auto document = read_toml_file(problems)) {
    TableReader reader{&*document, "", problems};
    read_jobs(reader.table("jobs"), surroundings, problems, jobs);
    for (const char* table : {"supervisor", "http", "mail", "history", "groups"})
      if (reader.has(table)) {
        reader.know(table);
        reader.silent_fault(table,
                            "expected only tables [jobs.NAME] in a job file; this belongs in the "
                            "configuration, which rota check --config FILE checks");
      }
    reader.finish();
  }
  append(problems, faults);
}

// Those that no file of `added` takes the place of, then `added`.
Files with_added(Files files, const Files& added) {
  std::erase_if(files, [&](const std::filesystem::path& file) {
    return std::any_of(added.begin(), added.end(), [&](const std::filesystem::path& other) {
      return other.filename() == file.filename();
    });
  });
  files.insert(files.end(), added.begin(), added.end());
  return files;
}

}  // namespace

ConfigurationError::ConfigurationError(Faults faults)
    : std::runtime_error{lines_of(faults)}, faults_{std::move(faults)} {}

Configuration load_configuration(const std::filesystem::path& file, const Environment& environment) {
  return load_configuration(file, environment, {});
}

Configuration load_configuration(const std::filesystem::path& file, const Environment& environment,
                                 const Files& job_files) {
  if (access(file.c_str(), R_OK) != 0)
    throw ConfigurationError{
        {{file, file.string() + ": cannot be read; name the configuration file with --config"}}};
  Faults faults;
  Problems problems{file};
  const auto document = read_toml_file(problems);
  if (!document) {
    append(problems, faults);
    throw ConfigurationError{std::move(faults)};
  }
  TableReader reader{&*document, "", problems};
  Configuration configuration;
  TableReader supervisor = reader.table("supervisor");
  read_supervisor(supervisor, configuration);
  const JobsDirectory directory = jobs_directory(supervisor, environment);
  supervisor.finish();
  read_http(reader.table("http"), environment, problems, configuration.http);
  read_mail(reader.table("mail"), environment, configuration.mail);
  read_groups(reader.table("groups"), configuration);
  configuration.retention = read_retention(reader.table("history"), {});
  std::vector<std::string> groups;
  groups.reserve(configuration.group_limits.size());
  for (const auto& [name, limit] : configuration.group_limits) groups.push_back(name);
  const JobSurroundings surroundings{configuration.retention, &groups};
  read_jobs(reader.table("jobs"), surroundings, problems, configuration.jobs);
  reader.finish();
  const Files files = with_added(files_of(directory, problems), job_files);
  append(problems, faults);
  for (const auto& job_file : files) read_job_file(job_file, surroundings, configuration.jobs, faults);
  if (!faults.empty()) throw ConfigurationError{std::move(faults)};
  return configuration;
}

Jobs load_job_files(const Files& files) {
  Faults faults;
  Jobs jobs;
  for (const auto& file : files) read_job_file(file, {}, jobs, faults);
  if (!faults.empty()) throw ConfigurationError{std::move(faults)};
  return jobs;
}

Environment process_environment() {
  Environment variables;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view text{*entry};
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

}  // namespace rota
