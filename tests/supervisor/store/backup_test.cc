#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>

#include "common/sqlite/sqlite.h"
#include "tests/supervisor/store/store_under_test.h"

namespace rota {
namespace {

std::string text_of(Connection& connection, const char* sql) {
  Statement statement{connection, sql};
  return statement.step() ? statement.text(0) : std::string{};
}

// Rows by the hundred thousand bytes, so that a copy takes a while.
void fill(const std::filesystem::path& file) {
  Connection{file, Connection::Access::read_write}.execute(
      R"(WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 20000)
         INSERT INTO scheduled_job_runs (job_name, "trigger", scheduled_for, state, queued_at, error_message)
         SELECT 'filler', 'manual', n, 'failed', n, hex(randomblob(100)) FROM number)");
}

TEST_CASE("a copy made while runs are recorded is whole and consistent") {
  StoreUnderTest test;
  SqliteRunStore& store = test.open();
  fill(test.file);
  const auto copy = test.directory / "copy.db";
  std::optional<std::string> answer;
  Consequences consequences;
  consequences.mails = {OutboxMail{0, "a@example.org", "text", 0, at(0)}};
  REQUIRE(test.insert(scheduled_run("one", at(1))));
  store.back_up(copy, [&](std::string trouble) { answer = std::move(trouble); });
  int written = 0;
  for (; !answer; ++written) {
    const auto id = test.insert(scheduled_run("one", at(1000 + written)));
    test.end(*id, success(at(1000 + written)), consequences);
  }
  CHECK(written > 0);
  CHECK(answer->empty());
  Connection connection{copy, Connection::Access::read_only};
  CHECK(text_of(connection, "PRAGMA integrity_check") == "ok");
  CHECK(text_of(connection, "SELECT count(*) FROM scheduled_job_runs WHERE job_name = 'filler'") == "20000");
  CHECK(text_of(connection,
                "SELECT count(*) = (SELECT count(*) FROM outbox) FROM scheduled_job_runs "
                "WHERE state = 'succeeded'") == "1");
}

TEST_CASE("a copy is closed to others and stands alone and a store goes on with it") {
  StoreUnderTest test;
  test.open();
  const auto id = test.insert(scheduled_run("one", at(1000)));
  const auto elsewhere = test.directory / "elsewhere";
  std::filesystem::create_directory(elsewhere);
  CHECK(test.back_up(elsewhere / "copy.db").empty());
  struct stat status {};
  REQUIRE(stat((elsewhere / "copy.db").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK(std::distance(std::filesystem::directory_iterator{elsewhere}, {}) == 1);
  test.file = elsewhere / "copy.db";
  test.open();
  CHECK(test.find(*id));
  CHECK_FALSE(test.insert(scheduled_run("one", at(1000))));
}

TEST_CASE("a file that is there is left as it is and said in the answer") {
  StoreUnderTest test;
  test.open();
  const auto copy = test.directory / "copy.db";
  std::ofstream{copy} << "kept";
  CHECK(test.back_up(copy).find("copy.db: cannot create the file: File exists; name one") !=
        std::string::npos);
  CHECK(std::filesystem::file_size(copy) == 4);
  CHECK(test.back_up("/proc/no/copy.db").find("/proc/no/copy.db") != std::string::npos);
}

TEST_CASE("a copy that the end of the store interrupts leaves no file") {
  StoreUnderTest test;
  test.open();
  fill(test.file);
  std::vector<std::string> answers;
  for (int i = 0; i < 5; ++i)
    test.store->back_up(test.directory / std::to_string(i),
                        [&](std::string trouble) { answers.push_back(std::move(trouble)); });
  test.store.reset();
  test.queue.run_until([&] { return answers.size() == 5; });
  for (std::size_t i = 0; i < answers.size(); ++i) {
    CAPTURE(answers[i]);
    CHECK(std::filesystem::exists(test.directory / std::to_string(i)) == answers[i].empty());
  }
  CHECK(answers.back().find("interrupted") != std::string::npos);
}

}  // namespace
}  // namespace rota
