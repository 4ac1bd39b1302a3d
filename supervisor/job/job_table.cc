#include "supervisor/job/job_table.h"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

#include "common/text/nearest_word.h"
#include "supervisor/job/check_policies.h"
#include "supervisor/job/dependency_cycle.h"
#include "supervisor/job/shared_values.h"

namespace rota {
namespace {

template <typename T>
void replace(T& value, const std::optional<T>& change) {
  if (change) value = *change;
}

void apply_policies(Policies& policies, const JobSettings& settings) {
  replace(policies.overlap, settings.overlap);
  replace(policies.catch_up, settings.catch_up);
  replace(policies.misfire_grace, settings.misfire_grace);
  replace(policies.retry, settings.retry);
  replace(policies.dependencies, settings.dependencies);
  replace(policies.group, settings.group);
  replace(policies.priority, settings.priority);
  replace(policies.spread, settings.spread);
  if (settings.finish_within) policies.finish_within = settings.finish_within;
  if (settings.success_within) policies.success_within = settings.success_within;
}

// The parts that `job` has with what `settings` change, equal ones of them as before.
ActiveJob apply(Job job, const JobSettings& settings, const Configuration& configuration,
                const std::filesystem::path& module, SharedValues& shared) {
  ActiveJob active;
  active.name = std::move(job.name);
  active.function = job.function;
  if (const auto& schedule = settings.schedule ? settings.schedule : job.schedule)
    active.schedule = shared.schedule(schedule->with_default_zone(configuration.zone).with_seed(active.name));
  for (const auto& [name, value] : settings.parameters) job.parameters[name] = value;
  apply_policies(job.policies, settings);
  active.terms = shared.terms({.run_in_process = job.run_in_process,
                               .timeout = settings.timeout.value_or(job.timeout),
                               .grace = settings.grace.value_or(job.grace),
                               .parameters = std::move(job.parameters),
                               .policies = std::move(job.policies),
                               .limits = settings.limits,
                               .retention = settings.retention.value_or(configuration.retention),
                               .module = module});
  return active;
}

ActiveJob command_job(const std::string& name, const JobSettings& settings,
                      const Configuration& configuration, SharedValues& shared) {
  Job job;
  job.name = name;
  job.run_in_process = true;
  ActiveJob active = apply(std::move(job), settings, configuration, {}, shared);
  if (settings.command) active.command = std::make_shared<const Command>(*settings.command);
  active.place = settings.place;
  return active;
}

const JobSettings& settings_of(const std::string& name, const Configuration& configuration) {
  static const JobSettings unchanged;
  const auto found = configuration.jobs.find(name);
  return found == configuration.jobs.end() ? unchanged : found->second;
}

// "FILE:LINE: [jobs.NAME]", as the configuration tells its own faults.
std::string place_of(const std::string& name, const JobSettings& settings) {
  return (settings.place.empty() ? "" : settings.place + ": ") + "[jobs." + name + "]";
}

std::string where(const ActiveJob& active) { return source_of(active) + ": job " + active.name; }

void add_registered(const std::vector<RegisteredJob>& registered, const Configuration& configuration,
                    SharedValues& shared, JobTable& table, std::vector<std::string>& errors) {
  for (const RegisteredJob& entry : registered) {
    const JobSettings& settings = settings_of(entry.job.name, configuration);
    if (settings.command)
      errors.push_back(place_of(entry.job.name, settings) + " has a command, but the module " +
                       entry.module.string() + " registers a job of this name at " + entry.place +
                       "; give one of them another name");
    if (settings.limits != CommandLimits{} && !entry.job.run_in_process)
      errors.push_back(place_of(entry.job.name, settings) + " has limits, but the module " +
                       entry.module.string() +
                       " registers it to run on a thread, and only a process can be limited; remove them");
    if (settings.command || !settings.enabled) continue;
    table.emplace(entry.job.name, std::make_shared<const ActiveJob>(
                                      apply(entry.job, settings, configuration, entry.module, shared)));
  }
}

std::vector<std::string> names_of(const std::vector<RegisteredJob>& registered) {
  std::vector<std::string> names;
  names.reserve(registered.size());
  for (const RegisteredJob& entry : registered) names.push_back(entry.job.name);
  std::sort(names.begin(), names.end());
  return names;
}

// `names` of all that is registered, in their order.
void add_commands(const std::vector<std::string>& names, const Configuration& configuration,
                  SharedValues& shared, JobTable& table, std::vector<std::string>& errors) {
  for (const auto& [name, settings] : configuration.jobs) {
    if (std::binary_search(names.begin(), names.end(), name)) continue;
    if (!settings.command)
      errors.push_back(place_of(name, settings) + ": no module registers a job of this name" +
                       suggestion(name, names) + "; correct the name, give it a command or remove the table");
    else if (settings.enabled)
      table.emplace(name,
                    std::make_shared<const ActiveJob>(command_job(name, settings, configuration, shared)));
  }
}

// Every name that a module or the configuration has, also of a job that is not in force.
std::vector<std::string> all_names(const std::vector<std::string>& registered,
                                   const Configuration& configuration) {
  std::vector<std::string> names;
  std::ranges::set_union(registered, std::views::keys(configuration.jobs), std::back_inserter(names));
  return names;
}

void check_dependencies(const JobTable& table, const std::vector<std::string>& names,
                        const Configuration& configuration, std::vector<std::string>& errors) {
  std::map<std::string, std::vector<std::string>> after;
  for (const auto& [name, active] : table) {
    const auto& wanted = active->terms->policies.dependencies.after;
    if (!wanted.empty()) after.emplace(name, wanted);
    for (const std::string& other : wanted) {
      if (!std::binary_search(names.begin(), names.end(), other))
        errors.push_back(where(*active) + ": runs after " + other + ", and there is no such job" +
                         suggestion(other, names));
      else if (!settings_of(other, configuration).enabled)
        errors.push_back(where(*active) + ": runs after " + other + ", which " +
                         settings_of(other, configuration).place + " disables");
    }
  }
  if (auto fault = cycle_fault(after)) errors.push_back(*std::move(fault));
}

}  // namespace

ActiveJob make_command_job(const std::string& name, const JobSettings& settings,
                           const Configuration& configuration) {
  SharedValues none;
  return command_job(name, settings, configuration, none);
}

std::string source_of(const ActiveJob& job) {
  return job.terms->module.empty() ? job.place : job.terms->module.string();
}

JobTable make_job_table(const std::vector<RegisteredJob>& registered, const Configuration& configuration,
                        std::vector<std::string>& errors) {
  JobTable table;
  SharedValues shared;
  add_registered(registered, configuration, shared, table, errors);
  const std::vector<std::string> names = names_of(registered);
  add_commands(names, configuration, shared, table, errors);
  for (const auto& [name, active] : table)
    for (const std::string& fault : policy_faults(active->terms->policies, configuration.group_limits))
      errors.push_back(where(*active) + ": " + fault);
  check_dependencies(table, all_names(names, configuration), configuration, errors);
  return table;
}

bool same_definition(const ActiveJob& left, const ActiveJob& right) {
  const auto equal = [](const auto& one, const auto& other) {
    return one == other || (one && other && *one == *other);
  };
  return left.name == right.name && left.function == right.function && left.schedule == right.schedule &&
         equal(left.terms, right.terms) && equal(left.command, right.command);
}

}  // namespace rota
