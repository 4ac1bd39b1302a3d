#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "common/sqlite/sqlite.h"
#include "tests/supervisor/store/store_under_test.h"

namespace rota {
namespace {

void write_version_1(const std::filesystem::path& file) {
  std::ifstream input{ROTA_VERSION_1_SQL};
  const std::string sql{std::istreambuf_iterator<char>{input}, {}};
  REQUIRE_FALSE(sql.empty());
  Connection{file, Connection::Access::read_write}.execute(sql.c_str());
}

TEST_CASE("rows of the first version are read as they were") {
  StoreUnderTest test;
  write_version_1(test.file);
  test.open();
  CHECK(test.query({}).size() == 6);
  const auto run = test.find(1);
  REQUIRE(run);
  CHECK(run->last_entry == "{\"id\":1}");
  CHECK_FALSE(run->retry_of);
  CHECK_FALSE(run->not_before);
  CHECK(test.store->recover(at(9000)).lost.size() == 1);
  REQUIRE(test.store->alarms().size() == 1);
  CHECK(test.store->alarms()[0].failures_since_mail == 2);
  CHECK_FALSE(test.store->alarms()[0].stale);
  CHECK(test.due_mails(at(200)).size() == 1);
}

TEST_CASE("facts are made of the rows of the first version") {
  StoreUnderTest test;
  write_version_1(test.file);
  test.open();
  const auto facts = test.store->facts();
  REQUIRE(facts.size() == 2);
  CHECK(facts[0].job_name == "clean");
  CHECK(facts[0].first_seen_at == at(2600));
  CHECK(facts[0].success == 0);
  CHECK_FALSE(facts[0].last_finished_at);
  CHECK_FALSE(facts[0].last_success_run);
  CHECK(facts[1].job_name == "scrape");
  CHECK(facts[1].first_seen_at == at(1001));
  CHECK(facts[1].calendar_since == at(1001));
  CHECK(facts[1].last_occurrence == at(4000));
  CHECK(facts[1].last_finished_at == at(3700));
  CHECK(facts[1].last_success_at == at(3500));
  CHECK(facts[1].last_success_run == 4);
  CHECK(facts[1].begun > facts[1].success);
  CHECK(facts[1].success > facts[1].failure);
  CHECK(facts[1].failure > 0);
  CHECK(facts[1].last_entry == "{\"id\":2}");
}

TEST_CASE("a database of the first version goes on as if it had always been of the newest") {
  StoreUnderTest test;
  write_version_1(test.file);
  test.open();
  CHECK_FALSE(test.insert(scheduled_run("scrape", at(4000))));
  CHECK(test.insert(scheduled_run("scrape", at(5000))) == 7);
  CHECK(test.facts_of("scrape").last_occurrence == at(5000));
  CHECK(test.prune("scrape", {.logs_kept = 1}).logs.size() == 3);
  CHECK(test.prune("scrape", {.rows_kept = 2}).rows == 4);
  CHECK_FALSE(test.insert(scheduled_run("scrape", at(1000))));
  test.open();
  CHECK(test.facts_of("scrape").last_entry == "{\"id\":2}");
}

std::string schema_of(const std::filesystem::path& file) {
  Connection connection{file, Connection::Access::read_only};
  Statement tables{connection, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"};
  std::string all;
  while (tables.step()) all += tables.text(0) + "\n";
  return all;
}

bool takes(const std::filesystem::path& file, const std::string& trigger, const std::string& state) {
  Connection connection{file, Connection::Access::read_write};
  Statement insert{
      connection,
      "INSERT INTO scheduled_job_runs (job_name, \"trigger\", state, queued_at) VALUES ('x', ?1, ?2, 1)"};
  try {
    insert.with(trigger, state).run();
    return true;
  } catch (const SqliteError&) {
    return false;
  }
}

TEST_CASE("a new database and one of the first version check the words of a row alike") {
  StoreUnderTest test;
  test.open();
  for (const char* state : {"queued", "running", "succeeded", "failed", "timed_out", "cancelled", "crashed",
                            "lost", "skipped", "missed"})
    CHECK(takes(test.file, "manual", state));
  for (const char* trigger : {"schedule", "catch_up", "manual", "retry", "dependency"})
    CHECK(takes(test.file, trigger, "queued"));
  CHECK_FALSE(takes(test.file, "manual", "unheard of"));
  CHECK_FALSE(takes(test.file, "unheard of", "queued"));
  const std::string schema = schema_of(test.file);
  test.store.reset();
  std::filesystem::remove_all(test.directory);
  std::filesystem::create_directories(test.directory);
  write_version_1(test.file);
  test.open();
  CHECK_FALSE(takes(test.file, "manual", "unheard of"));
  CHECK_FALSE(takes(test.file, "unheard of", "queued"));
  CHECK(schema_of(test.file) == schema);
}

}  // namespace
}  // namespace rota
