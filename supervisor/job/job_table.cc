#include "supervisor/job/job_table.h"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

#include "common/text/nearest_word.h"
#include "supervisor/job/check_policies.h"
#include "supervisor/job/dependency_cycle.h"

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

ActiveJob apply(Job job, const JobSettings& settings, const Configuration& configuration) {
  ActiveJob active;
  active.job = std::move(job);
  if (settings.schedule) active.job.schedule = settings.schedule;
  if (active.job.schedule)
    active.job.schedule =
        active.job.schedule->with_default_zone(configuration.zone).with_seed(active.job.name);
  replace(active.job.timeout, settings.timeout);
  replace(active.job.grace, settings.grace);
  for (const auto& [name, value] : settings.parameters) active.job.parameters[name] = value;
  apply_policies(active.job.policies, settings);
  active.retention = settings.retention.value_or(configuration.retention);
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

std::string where(const ActiveJob& active) { return active.source + ": job " + active.job.name; }

void add_registered(const std::vector<RegisteredJob>& registered, const Configuration& configuration,
                    JobTable& table, std::vector<std::string>& errors) {
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
    ActiveJob active = apply(entry.job, settings, configuration);
    active.module = entry.module;
    active.limits = settings.limits;
    active.source = entry.module.string();
    table.emplace(entry.job.name, std::make_shared<const ActiveJob>(std::move(active)));
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
void add_commands(const std::vector<std::string>& names, const Configuration& configuration, JobTable& table,
                  std::vector<std::string>& errors) {
  for (const auto& [name, settings] : configuration.jobs) {
    if (std::binary_search(names.begin(), names.end(), name)) continue;
    if (!settings.command)
      errors.push_back(place_of(name, settings) + ": no module registers a job of this name" +
                       suggestion(name, names) + "; correct the name, give it a command or remove the table");
    else if (settings.enabled)
      table.emplace(name, std::make_shared<const ActiveJob>(make_command_job(name, settings, configuration)));
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
    const auto& wanted = active->job.policies.dependencies.after;
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
  if (const auto cycle = find_cycle(after))
    errors.push_back("jobs wait for each other and would never run: " + *cycle +
                     "; take one of them out of the after of the one before it");
}

}  // namespace

ActiveJob make_command_job(const std::string& name, const JobSettings& settings,
                           const Configuration& configuration) {
  Job job;
  job.name = name;
  job.run_in_process = true;
  ActiveJob active = apply(std::move(job), settings, configuration);
  active.command = settings.command;
  active.source = settings.place;
  return active;
}

JobTable make_job_table(const std::vector<RegisteredJob>& registered, const Configuration& configuration,
                        std::vector<std::string>& errors) {
  JobTable table;
  add_registered(registered, configuration, table, errors);
  const std::vector<std::string> names = names_of(registered);
  add_commands(names, configuration, table, errors);
  for (const auto& [name, active] : table)
    for (const std::string& fault : policy_faults(active->job.policies, configuration.group_limits))
      errors.push_back(where(*active) + ": " + fault);
  check_dependencies(table, all_names(names, configuration), configuration, errors);
  return table;
}

bool same_definition(const ActiveJob& left, const ActiveJob& right) {
  const Job& one = left.job;
  const Job& other = right.job;
  return one.name == other.name && one.function == other.function && one.schedule == other.schedule &&
         one.run_in_process == other.run_in_process && one.timeout == other.timeout &&
         one.grace == other.grace && one.parameters == other.parameters && one.policies == other.policies &&
         left.module == right.module && left.command == right.command && left.limits == right.limits &&
         left.retention == right.retention;
}

}  // namespace rota
