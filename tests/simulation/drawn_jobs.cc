#include "tests/simulation/drawn_jobs.h"

#include <stdexcept>

namespace rota::simulation {
namespace {

using namespace std::chrono_literals;

// Hours to days apart, so that a month is some hundreds of runs.
const std::vector<std::string> kSchedules{
    "every 4 hours",
    "every 6 hours",
    "every 7 hours",
    "every 8 to 20 hours",
    "every 2 to 5 days",
    "every day at 03:00",
    "every day at 02:30 in Europe/Brussels",
    "every day at 02:30 in America/New_York",
    "every 2 days at 12:00",
    "every monday at 02:00",
    "every 12 hours until 2027-03-25",
    "5 hours after finish",
    "1 days after finish",
    "20 2 * * 1-5",
    "0 */8 * * *",
    "30 1,2 * * *",
    "@daily",
};
const std::vector<std::string> kZones{"UTC", "Europe/Brussels", "America/New_York", "Australia/Lord_Howe",
                                      "Asia/Kolkata"};
const std::vector<std::string> kGroups{"", "", "", "database", "register"};
const std::vector<std::string> kNames{"archive", "billing", "clean_up", "digest",
                                      "export",  "fetch",   "grind",    "harvest"};

ScraperResult never_called(JobContext&) { return {}; }

}  // namespace

DrawnJobs::DrawnJobs(Random& random) : random_{random} {
  configuration_.zone = random_.one_of(kZones);
  draw_limits();
  for (const std::string& name : kNames)
    if (random_.percent(60)) jobs_.insert_or_assign(name, draw(name));
}

void DrawnJobs::draw_limits() {
  configuration_.threads = static_cast<int>(random_.between(1, 3));
  configuration_.processes = static_cast<int>(random_.between(1, 3));
  configuration_.group_limits = {{"database", static_cast<int>(random_.between(1, 2))}, {"register", 1}};
}

std::string DrawnJobs::schedule() { return random_.one_of(kSchedules); }

void DrawnJobs::draw_dependencies(Policies& policies, const std::string& name) {
  // Only on earlier names, so that there is no cycle.
  for (const auto& [other, job] : jobs_)
    if (other < name && random_.percent(40) && policies.dependencies.after.size() < 2)
      policies.dependencies.after.push_back(other);
  using On = DependencyPolicy::On;
  policies.dependencies.on = random_.one_of(std::vector{On::success, On::success, On::failure, On::always});
}

RegisteredJob DrawnJobs::draw(const std::string& name) {
  RegisteredJob registered;
  registered.module = "drawn.so";
  Job& job = registered.job;
  job.name = name;
  job.function = never_called;
  job.run_in_process = random_.percent(60);
  job.timeout = random_.time(1min, 4h);
  job.grace = random_.time(1s, 1min);
  Policies& policies = job.policies;
  if (random_.percent(85)) job.schedule = parse_schedule(schedule());
  if (!job.schedule || random_.percent(15)) draw_dependencies(policies, name);
  using Overlap = OverlapPolicy::Rule;
  policies.overlap = {
      random_.one_of(std::vector{Overlap::skip, Overlap::queue, Overlap::parallel, Overlap::replace}),
      static_cast<int>(random_.between(1, 3))};
  using CatchUp = CatchUpPolicy::Rule;
  policies.catch_up = {random_.one_of(std::vector{CatchUp::once, CatchUp::skip, CatchUp::all}),
                       static_cast<int>(random_.between(1, 4)), random_.one_of(std::vector{6h, 24h, 72h})};
  policies.misfire_grace = random_.one_of(std::vector<std::chrono::seconds>{1min, 10min, 1h});
  if (random_.percent(50)) {
    policies.retry.limit = static_cast<int>(random_.between(1, 3));
    policies.retry.delay = random_.time(1s, 30min);
    policies.retry.on_lost = random_.percent(70);
  }
  policies.group = random_.one_of(kGroups);
  policies.priority = random_.percent(30) ? static_cast<int>(random_.between(-2, 2)) : 0;
  if (random_.percent(30)) policies.spread = random_.one_of(std::vector<std::chrono::seconds>{5min, 2h});
  if (random_.percent(20)) policies.finish_within = random_.time(10min, 6h);
  if (random_.percent(20)) policies.success_within = random_.time(6h, 72h);
  return registered;
}

void DrawnJobs::drop_dependencies_on(const std::string& name) {
  for (auto& [other, job] : jobs_) std::erase(job.job.policies.dependencies.after, name);
}

void DrawnJobs::change() {
  if (random_.percent(20)) draw_limits();
  if (random_.percent(20)) configuration_.zone = random_.one_of(kZones);
  for (const std::string& name : kNames) {
    if (!random_.percent(20)) continue;
    const bool there = jobs_.contains(name);
    if (there && random_.percent(40)) {
      jobs_.erase(name);
      drop_dependencies_on(name);
    } else if (there && random_.percent(50)) {
      RegisteredJob other = draw(name);
      other.job.schedule = jobs_.at(name).job.schedule;
      jobs_.insert_or_assign(name, std::move(other));
    } else {
      jobs_.insert_or_assign(name, draw(name));
    }
  }
}

JobTable DrawnJobs::table() const {
  std::vector<RegisteredJob> registered;
  registered.reserve(jobs_.size());
  for (const auto& [name, job] : jobs_) registered.push_back(job);
  std::vector<std::string> errors;
  JobTable table = make_job_table(registered, configuration_, errors);
  if (!errors.empty()) throw std::logic_error(errors.front());
  return table;
}

Dispatcher::Limits DrawnJobs::limits() const {
  return {configuration_.threads, configuration_.processes, configuration_.group_limits};
}

std::vector<std::string> DrawnJobs::names() const {
  std::vector<std::string> names;
  names.reserve(jobs_.size());
  for (const auto& [name, job] : jobs_) names.push_back(name);
  return names;
}

}  // namespace rota::simulation
