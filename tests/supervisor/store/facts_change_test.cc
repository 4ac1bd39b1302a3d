// The facts of a job are written once for a group of writes; they are those of the writes one by one.
#include <doctest/doctest.h>

#include <functional>
#include <random>
#include <string>

#include "supervisor/store/schema.h"
#include "supervisor/store/write_statements.h"
#include "tests/supervisor/store/store_under_test.h"

namespace rota {
namespace {

struct Database {
  Database() { statements.begin(); }

  static Connection& migrated(Connection& connection) {
    migrate(connection);
    return connection;
  }

  void end_group() {
    statements.commit();
    statements.begin();
  }

  std::string facts() {
    Statement all{
        connection,
        "SELECT group_concat(json_array(job_name, first_seen_at, last_occurrence, last_finished_at, "
        "last_success_at, last_success_run, last_entry, pruned_through, logs_pruned_through, "
        "calendar_since, begun, success, failure), char(10)) FROM job_facts"};
    return all.step() ? all.text(0) : "";
  }

  Connection connection{":memory:", Connection::Access::read_write};
  WriteStatements statements{migrated(connection)};
};

// Writes in the order in which a supervisor could make them, of three jobs.
class Writes {
 public:
  explicit Writes(std::uint32_t seed) : random_{seed} {}

  std::function<void(WriteStatements&)> next() {
    now_ = at(now_.time_since_epoch().count() + static_cast<std::int64_t>(below(3)) * 500 - 400);
    const std::string job{"abc"[below(3)]};
    switch (below(8)) {
      case 0:
        return [job, now = now_](WriteStatements& statements) { statements.record_calendars({job}, now); };
      case 1:
        return [job, now = now_](WriteStatements& statements) {
          statements.prune({{job, {.rows_kept = 3, .logs_since = now}}}, 5);
        };
      case 2:
      case 3:
      case 4:
        return insertion(job);
      default:
        return end();
    }
  }

  std::size_t below(std::size_t bound) { return random_() % bound; }

 private:
  std::function<void(WriteStatements&)> insertion(const std::string& job) {
    Run run = below(4) == 0 ? skipped_run(job, now_) : scheduled_run(job, now_);
    if (below(4) == 0) run.trigger = Trigger::dependency;
    if (run.state == RunState::running) run.log_path = job;
    ++inserted_;
    return [run](WriteStatements& statements) { statements.insert(run); };
  }

  // Of a run that may have ended, or is not there as its occurrence was.
  std::function<void(WriteStatements&)> end() {
    const auto id = static_cast<RunId>(1 + below(inserted_ + 1));
    Outcome outcome = ended(below(2) == 0 ? RunState::succeeded : RunState::failed, now_);
    if (below(3) == 0) outcome.last_entry = std::to_string(below(100));
    Consequences consequences;
    if (outcome.state == RunState::failed && below(3) == 0) {
      consequences.retry = scheduled_run("abc"[below(3)] + std::string{}, now_);
      consequences.retry->trigger = Trigger::retry;
    }
    return [=](WriteStatements& statements) { statements.record_outcome(id, outcome, consequences); };
  }

  std::mt19937 random_;
  Instant now_ = at(100'000);
  std::size_t inserted_ = 0;
};

TEST_CASE("facts do not depend on which writes are one group") {
  for (std::uint32_t seed = 1; seed <= 50; ++seed) {
    CAPTURE(seed);
    Writes writes{seed};
    Database one_by_one;
    Database in_groups;
    for (int i = 0; i < 100; ++i) {
      const auto write = writes.next();
      write(one_by_one.statements);
      one_by_one.end_group();
      write(in_groups.statements);
      if (writes.below(6) != 0) continue;
      in_groups.end_group();
      REQUIRE(in_groups.facts() == one_by_one.facts());
    }
    CHECK_FALSE(one_by_one.facts().empty());
  }
}

TEST_CASE("facts of a write that is undone are undone, and those before it are not") {
  Database database;
  const auto id = database.statements.insert(scheduled_run("one", at(1000)));
  database.statements.open_savepoint();
  database.statements.record_outcome(id.value_or(0), success(at(2000)), {});
  database.statements.insert(scheduled_run("two", at(3000)));
  database.statements.roll_back_to_savepoint();
  database.end_group();
  const auto facts = select_facts(database.connection);
  REQUIRE(facts.size() == 1);
  CHECK(facts[0].last_occurrence == at(1000));
  CHECK_FALSE(facts[0].last_finished_at);
}

TEST_CASE("facts of a group that is undone are undone") {
  Database database;
  database.statements.insert(scheduled_run("one", at(1000)));
  database.statements.roll_back();
  database.statements.begin();
  database.end_group();
  CHECK(select_facts(database.connection).empty());
}

}  // namespace
}  // namespace rota
