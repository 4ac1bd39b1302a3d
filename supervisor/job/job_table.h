// The jobs as they are in force: what the modules registered, with what the configuration
// changes of it, and the commands that the configuration defines. Pure values, for the daemon,
// which makes a new table at each reload, and for `rota check`.
#pragma once

#include <rota/job.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/command/command.h"
#include "common/configuration/configuration.h"
#include "common/module/module_loader.h"

namespace rota {

// What many jobs have alike: those of a table that are equal are one object, since there may be a million
// jobs.
struct JobTerms {
  bool run_in_process = false;  // true for a command
  std::chrono::milliseconds timeout{};
  std::chrono::milliseconds grace{};
  Parameters parameters;
  Policies policies;
  CommandLimits limits;  // of a registered job; a command has its own
  RetentionRules retention;
  std::filesystem::path module;  // empty for a command
  bool operator==(const JobTerms&) const = default;
};

struct ActiveJob {
  std::string name;
  JobFunction function = nullptr;    // null for a command
  std::optional<Schedule> schedule;  // knows its zone and, for random intervals, its seed
  std::shared_ptr<const JobTerms> terms;
  std::shared_ptr<const Command> command;  // null for a registered job
  std::string place;                       // "FILE:LINE" of the table that defines a command
};

// A run keeps the job that it was started with when a reload changes the table.
using JobTable = std::map<std::string, std::shared_ptr<const ActiveJob>, std::less<>>;

// Joins the two. A job that the configuration disables is left out. Appends a sentence to
// `errors` for whatever cannot be: a table that neither defines a command nor changes a
// registered job, a command with the name of a registered job, a policy of a registered job
// that is out of range, limits of one that runs on a thread, a group or a dependency that does not exist, a
// cycle of dependencies. With errors the table is not to be used.
JobTable make_job_table(const std::vector<RegisteredJob>& registered, const Configuration& configuration,
                        std::vector<std::string>& errors);

// A job as its [jobs.NAME] table alone has it: all of a command, of another what the table changes.
ActiveJob make_command_job(const std::string& name, const JobSettings& settings,
                           const Configuration& configuration);

// Where the job comes from: the table that defines a command, else the path of the module.
std::string source_of(const ActiveJob& job);

// Whether a reload leaves the job as it is: all but the place of its table is the same.
bool same_definition(const ActiveJob& left, const ActiveJob& right);

}  // namespace rota
