#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "common/sqlite/sqlite.h"
#include "tests/supervisor/store/store_under_test.h"

namespace rota {
namespace {

TEST_CASE("what is written while another holds the database arrives when it is free") {
  StoreUnderTest test;
  SqliteRunStore& store = test.open();
  Connection other{test.file, Connection::Access::read_write};
  other.execute("BEGIN IMMEDIATE");
  std::vector<RunId> ids;
  for (int i = 0; i < 20; ++i)
    store.insert(scheduled_run("one", at(1000 + i)), nullptr,
                 [&](std::optional<RunId> id) { ids.push_back(id.value_or(0)); });
  test.queue.turn();
  while (store.healthy()) std::this_thread::yield();
  CHECK(store.trouble().find("rota.db") != std::string::npos);
  CHECK(ids.empty());
  other.execute("COMMIT");
  test.queue.run_until([&] { return ids.size() == 20; });
  CHECK(std::is_sorted(ids.begin(), ids.end()));
  CHECK(store.healthy());
  CHECK(test.query({}).size() == 20);
}

TEST_CASE("a write that the database will never take spoils none of those with it") {
  StoreUnderTest test;
  SqliteRunStore& store = test.open();
  std::vector<std::string> answers;
  int known = 0;
  for (const char* job : {"one", "", "two"})
    store.insert(
        scheduled_run(job, at(1000)), [&](RunId) { ++known; },
        [&, job](std::optional<RunId> id) {
          answers.push_back(std::string{job} + (id ? " recorded" : " refused"));
        });
  test.queue.run_until([&] { return answers.size() == 3; });
  CHECK(answers == std::vector<std::string>{"one recorded", " refused", "two recorded"});
  CHECK(known == 2);
  CHECK(store.healthy());
  CHECK(test.query({}).size() == 2);
  CHECK(test.insert(scheduled_run("three", at(1000))));
}

TEST_CASE("the destructor commits what waits") {
  StoreUnderTest test;
  SqliteRunStore& store = test.open();
  for (int i = 0; i < 500; ++i)
    store.insert(scheduled_run("one", at(1000 + i)), nullptr, [](std::optional<RunId>) {});
  test.open();
  RunQuery query;
  query.limit = 1000;
  CHECK(test.query(query).size() == 500);
}

TEST_CASE("what was answered is there after the process was killed") {
  StoreUnderTest test;
  int answers[2];
  REQUIRE(pipe(answers) == 0);
  const pid_t child = fork();
  if (child == 0) {
    test.open();
    for (int i = 0;; ++i) {
      const RunId id = test.insert(scheduled_run("one", at(1000 + i))).value_or(0);
      if (write(answers[1], &id, sizeof id) < 0) _exit(1);
    }
  }
  close(answers[1]);
  RunId last = 0;
  for (int i = 0; i < 50; ++i) REQUIRE(read(answers[0], &last, sizeof last) == sizeof last);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  while (read(answers[0], &last, sizeof last) == sizeof last) {
  }
  close(answers[0]);
  test.open();
  CHECK(test.find(last));
}

TEST_CASE("a database has one store at a time") {
  StoreUnderTest test;
  test.open();
  CHECK_THROWS_WITH_AS((SqliteRunStore{test.file, [](const std::function<void()>&) {}}),
                       doctest::Contains("another rotad has it"), StoreError);
  CHECK(test.insert(scheduled_run("one", at(1000))));
  test.store.reset();
  CHECK_NOTHROW(test.open());
}

TEST_CASE("a file that is no database is refused by name") {
  StoreUnderTest test;
  std::ofstream{test.file} << std::string(5000, 'x');
  CHECK_THROWS_WITH_AS(test.open(), doctest::Contains("rota.db"), StoreError);
}

TEST_CASE("a database of a newer version is refused with what to do") {
  StoreUnderTest test;
  {
    Connection connection{test.file, Connection::Access::read_write};
    connection.execute("PRAGMA user_version = 99");
  }
  CHECK_THROWS_WITH_AS(test.open(), doctest::Contains("newer"), StoreError);
}

TEST_CASE("a directory that cannot be made is an error that names the file") {
  CHECK_THROWS_WITH_AS((SqliteRunStore{"/proc/no/rota.db", [](const std::function<void()>&) {}}),
                       doctest::Contains("/proc/no/rota.db"), StoreError);
}

TEST_CASE("the file is closed to others") {
  StoreUnderTest test;
  test.open();
  struct stat status {};
  REQUIRE(stat(test.file.c_str(), &status) == 0);
  CHECK((status.st_mode & 07) == 0);
}

}  // namespace
}  // namespace rota
