#include "supervisor/job/job_table.h"

#include <doctest/doctest.h>

#include <functional>
#include <memory>

using namespace std::chrono_literals;
using rota::ActiveJob;
using rota::Command;
using rota::Configuration;
using rota::JobSettings;
using rota::JobTable;
using rota::make_job_table;
using rota::Policies;
using rota::RegisteredJob;
using rota::same_definition;

namespace {

rota::ScraperResult function(rota::JobContext&) { return {}; }

RegisteredJob registered(const std::string& name, const Policies& policies = {}) {
  return {{.name = name,
           .function = function,
           .schedule = rota::parse_schedule("every day at 02:00"),
           .parameters = {{"kept", "1"}, {"changed", "1"}},
           .policies = policies},
          "/modules/example.so",
          "example.cc:7"};
}

JobSettings command(const std::string& place = "rota.toml:3") {
  JobSettings settings;
  settings.place = place;
  settings.command = Command{};
  settings.command->arguments = {"/bin/true"};
  return settings;
}

JobSettings after(std::vector<std::string> names) {
  JobSettings settings = command();
  settings.dependencies = {std::move(names)};
  return settings;
}

Configuration configuration(std::map<std::string, JobSettings, std::less<>> jobs = {}) {
  Configuration made;
  made.zone = "Europe/Brussels";
  made.jobs = std::move(jobs);
  return made;
}

JobTable table_of(const std::vector<RegisteredJob>& jobs, const Configuration& made) {
  std::vector<std::string> errors;
  JobTable table = make_job_table(jobs, made, errors);
  for (const std::string& error : errors) FAIL_CHECK(error);
  return table;
}

// The one error there is.
std::string error_of(const std::vector<RegisteredJob>& jobs, const Configuration& made) {
  std::vector<std::string> errors;
  make_job_table(jobs, made, errors);
  REQUIRE(errors.size() == 1);
  return errors.front();
}

}  // namespace

TEST_CASE("a table changes what a module registers and leaves the rest") {
  JobSettings settings;
  settings.timeout = 5min;
  settings.parameters = {{"changed", "2"}};
  settings.priority = 3;
  settings.overlap = {rota::OverlapPolicy::Rule::queue, 2};
  Policies policies;
  policies.spread = 10s;
  policies.priority = 1;
  const JobTable table = table_of({registered("one", policies)}, configuration({{"one", settings}}));
  const ActiveJob& active = *table.at("one");
  CHECK((active.function == function));
  CHECK_FALSE(active.terms->run_in_process);
  CHECK(to_string(*active.schedule) == "every day at 02:00 in Europe/Brussels");
  CHECK(active.terms->timeout == 5min);
  CHECK(active.terms->parameters == rota::Parameters{{"changed", "2"}, {"kept", "1"}});
  CHECK(active.terms->policies.priority == 3);
  CHECK(active.terms->policies.spread == 10s);
  CHECK(active.terms->policies.overlap == rota::OverlapPolicy{rota::OverlapPolicy::Rule::queue, 2});
  CHECK(active.terms->module == "/modules/example.so");
  CHECK(source_of(active) == "/modules/example.so");
  CHECK_FALSE(active.command);
}

TEST_CASE("a table with a command defines a job with the defaults of a job") {
  JobSettings settings = command("jobs.d/a.toml:4");
  settings.schedule = rota::parse_schedule("every hour in UTC");
  const JobTable table = table_of({}, configuration({{"one", settings}}));
  const ActiveJob& active = *table.at("one");
  CHECK(active.name == "one");
  CHECK((active.function == nullptr));
  CHECK(active.terms->run_in_process);
  CHECK(active.terms->timeout == rota::Job{}.timeout);
  CHECK(active.terms->policies == Policies{});
  CHECK(active.schedule->zone() == "UTC");
  CHECK(active.terms->module.empty());
  CHECK(*active.command == settings.command);
  CHECK(source_of(active) == "jobs.d/a.toml:4");
}

TEST_CASE("a job keeps its history by its own rules or by those of all") {
  Configuration made = configuration({{"one", command()}, {"two", command()}});
  made.retention.rows_per_job = 9;
  made.jobs.at("two").retention = rota::RetentionRules{1h, 2, 3h, 4};
  const JobTable table = table_of({}, made);
  CHECK(table.at("one")->terms->retention == made.retention);
  CHECK(table.at("two")->terms->retention == rota::RetentionRules{1h, 2, 3h, 4});
}

TEST_CASE("disabled jobs are left out") {
  JobSettings off = command();
  off.enabled = false;
  JobSettings registered_off;
  registered_off.enabled = false;
  CHECK(table_of({registered("two")}, configuration({{"one", off}, {"two", registered_off}})).empty());
}

TEST_CASE("a table for a job that nobody registers suggests the nearest") {
  JobSettings settings;
  settings.place = "rota.toml:9";
  const std::string error = error_of({registered("clean_up")}, configuration({{"clean_upp", settings}}));
  CHECK(error.find("rota.toml:9: [jobs.clean_upp]") != std::string::npos);
  CHECK(error.find("did you mean clean_up?") != std::string::npos);
}

TEST_CASE("a command with the name of a registered job is an error that names both") {
  const std::string error = error_of({registered("one")}, configuration({{"one", command()}}));
  CHECK(error.find("rota.toml:3") != std::string::npos);
  CHECK(error.find("/modules/example.so") != std::string::npos);
  CHECK(error.find("example.cc:7") != std::string::npos);
}

TEST_CASE("limits are for a job in a process and an error for one on a thread") {
  JobSettings limited;
  limited.place = "rota.toml:3";
  limited.limits.open_files = 64;
  RegisteredJob in_process = registered("one");
  in_process.job.run_in_process = true;
  const JobTable table = table_of({in_process}, configuration({{"one", limited}}));
  CHECK(table.at("one")->terms->limits == limited.limits);
  CHECK_FALSE(same_definition(*table.at("one"), *table_of({in_process}, configuration()).at("one")));
  const std::string error = error_of({registered("one")}, configuration({{"one", limited}}));
  CHECK(error.starts_with("rota.toml:3: [jobs.one] has limits"));
  CHECK(error.find("thread") != std::string::npos);
}

TEST_CASE("a dependency on a job that is not in force says why") {
  JobSettings off = command("rota.toml:12");
  off.enabled = false;
  CHECK(error_of({}, configuration({{"one", after({"two"})}, {"two", off}}))
            .find("runs after two, which rota.toml:12 disables") != std::string::npos);
  CHECK(error_of({}, configuration({{"one", after({"twoo"})}, {"two", command()}}))
            .find("no such job; did you mean two?") != std::string::npos);
  CHECK(table_of({registered("two")}, configuration({{"one", after({"two"})}})).size() == 2);
}

TEST_CASE("a cycle of dependencies is told") {
  const std::string error =
      error_of({}, configuration({{"a", after({"b"})}, {"b", after({"c"})}, {"c", after({"a"})}}));
  CHECK(error.find("a → b → c → a") != std::string::npos);
}

TEST_CASE("policies that a module registers are checked") {
  struct Fault {
    void (*change)(Policies&);
    const char* said;
  };
  const std::vector<Fault> faults{
      {[](Policies& policies) { policies.overlap.limit = 0; }, "overlap.limit"},
      {[](Policies& policies) { policies.catch_up.limit = 0; }, "catch_up.limit"},
      {[](Policies& policies) { policies.catch_up.window = 0s; }, "catch_up.window"},
      {[](Policies& policies) { policies.misfire_grace = 0s; }, "misfire_grace"},
      {[](Policies& policies) { policies.retry.limit = -1; }, "retry.limit"},
      {[](Policies& policies) { policies.retry.delay = -1ms; }, "retry.delay"},
      {[](Policies& policies) { policies.retry.factor = 0; }, "retry.factor"},
      {[](Policies& policies) { policies.retry.longest_delay = 1ms; }, "retry.longest_delay"},
      {[](Policies& policies) { policies.retry.jitter = 1.5; }, "retry.jitter"},
      {[](Policies& policies) { policies.group = "disc"; }, "did you mean disk"},
      {[](Policies& policies) { policies.priority = 101; }, "priority"},
      {[](Policies& policies) { policies.priority = -101; }, "priority"},
      {[](Policies& policies) { policies.spread = -1s; }, "spread"},
      {[](Policies& policies) { policies.finish_within = 0ms; }, "finish_within"},
      {[](Policies& policies) { policies.success_within = 0ms; }, "success_within"},
      {[](Policies& policies) { policies.dependencies.after = {"nobody"}; }, "nobody"},
  };
  Configuration made = configuration();
  made.group_limits = {{"disk", 1}};
  for (const Fault& fault : faults) {
    CAPTURE(fault.said);
    Policies policies;
    fault.change(policies);
    const std::string error = error_of({registered("one", policies)}, made);
    CHECK(error.find("job one") != std::string::npos);
    CHECK(error.find(fault.said) != std::string::npos);
  }
}

TEST_CASE("a random schedule is drawn for the name of its job") {
  JobSettings settings = command();
  settings.schedule = rota::parse_schedule("every 5 to 10 minutes");
  const JobTable table = table_of({}, configuration({{"one", settings}, {"two", settings}}));
  CHECK(table.at("one")->schedule->rule().seed == "one");
  CHECK(table.at("two")->schedule->rule().seed == "two");
}

TEST_CASE("what jobs have alike they share") {
  Policies policies;
  policies.priority = 1;
  JobSettings settings;
  settings.schedule = rota::parse_schedule("every day at 03:00");
  const JobTable table =
      table_of({registered("one"), registered("two"), registered("other", policies), registered("later")},
               configuration({{"later", settings}}));
  CHECK(table.at("one")->terms == table.at("two")->terms);
  CHECK(table.at("one")->terms != table.at("other")->terms);
  CHECK(&table.at("one")->schedule->rule() == &table.at("other")->schedule->rule());
  CHECK(&table.at("one")->schedule->rule() != &table.at("later")->schedule->rule());
  CHECK(to_string(*table.at("later")->schedule) == "every day at 03:00 in Europe/Brussels");
}

TEST_CASE("each of many jobs that differ keeps its own terms") {
  std::vector<RegisteredJob> jobs;
  for (int i = 0; i < 100; ++i) {
    jobs.push_back(registered("job_" + std::to_string(i)));
    jobs.back().job.timeout = std::chrono::seconds{i + 1};
  }
  const JobTable table = table_of(jobs, configuration());
  for (const RegisteredJob& each : jobs) CHECK(table.at(each.job.name)->terms->timeout == each.job.timeout);
}

TEST_CASE("a definition is the same until something that matters changes") {
  const ActiveJob job = *table_of({registered("one")}, configuration()).at("one");
  using Change = std::function<void(ActiveJob&, rota::JobTerms&)>;
  const std::vector<Change> changes{
      [](ActiveJob& other, auto&) { other.function = nullptr; },
      [](ActiveJob& other, auto&) { other.schedule = rota::parse_schedule("every day at 03:00"); },
      [](ActiveJob& other, auto&) { other.schedule.reset(); },
      [](ActiveJob& other, auto&) { other.command = std::make_shared<const Command>(); },
      [](ActiveJob&, rota::JobTerms& terms) { terms.run_in_process = true; },
      [](ActiveJob&, rota::JobTerms& terms) { terms.timeout = 1s; },
      [](ActiveJob&, rota::JobTerms& terms) { terms.grace = 1s; },
      [](ActiveJob&, rota::JobTerms& terms) { terms.parameters["kept"] = "2"; },
      [](ActiveJob&, rota::JobTerms& terms) { terms.policies.retry.limit = 3; },
      [](ActiveJob&, rota::JobTerms& terms) { terms.module = "/modules/other.so"; },
      [](ActiveJob&, rota::JobTerms& terms) { terms.limits.open_files = 3; },
      [](ActiveJob&, rota::JobTerms& terms) { terms.retention.rows_per_job = 3; },
  };
  const auto changed = [&](const Change& change) {
    ActiveJob other = job;
    rota::JobTerms terms = *job.terms;
    change(other, terms);
    other.terms = std::make_shared<const rota::JobTerms>(terms);
    return other;
  };
  CHECK(same_definition(job, changed([](ActiveJob& other, auto&) { other.place = "rota.toml:30"; })));
  for (const Change& change : changes) CHECK_FALSE(same_definition(job, changed(change)));
}
