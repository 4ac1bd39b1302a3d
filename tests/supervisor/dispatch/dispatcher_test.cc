#include "supervisor/dispatch/dispatcher.h"

#include <doctest/doctest.h>

namespace rota {
namespace {

using Decision = Admission::Decision;

Decision admit(Dispatcher& dispatcher, Ticket ticket, const std::string& job,
               RunKind kind = RunKind::process) {
  return dispatcher.admit(ticket, {.job_name = job, .kind = kind}).decision;
}

TEST_CASE("a job that is still active is skipped with a reason that names it") {
  Dispatcher dispatcher{{.threads = 4, .processes = 4}};
  admit(dispatcher, 1, "report");
  const Admission second = dispatcher.admit(2, {.job_name = "report"});
  CHECK(second.decision == Decision::skip);
  CHECK(second.reason.find("report") != std::string::npos);
  dispatcher.finished(1);
  CHECK(admit(dispatcher, 3, "report") == Decision::start);
}

TEST_CASE("a job that waits counts as active") {
  Dispatcher dispatcher{{.threads = 1, .processes = 1}};
  admit(dispatcher, 1, "a");
  admit(dispatcher, 2, "b");
  CHECK(admit(dispatcher, 3, "b") == Decision::skip);
}

TEST_CASE("whether a run would start is known before it is admitted") {
  Dispatcher dispatcher{{.threads = 1, .processes = 1}};
  const Candidate candidate{.job_name = "a"};
  CHECK(dispatcher.would_start(candidate));
  admit(dispatcher, 1, "a");
  CHECK_FALSE(dispatcher.would_start(candidate));
  CHECK_FALSE(dispatcher.would_start({.job_name = "b"}));
  CHECK(dispatcher.would_start({.job_name = "b", .kind = RunKind::thread}));
  dispatcher.finished(1);
  dispatcher.hold({"a"});
  CHECK_FALSE(dispatcher.would_start(candidate));
}

TEST_CASE("a run would not start past one of its job that waits for a place of its own") {
  Dispatcher dispatcher{{.threads = 1, .processes = 2, .groups = {{"database", 1}}}};
  REQUIRE(dispatcher.admit(1, {.job_name = "a", .group = "database"}).decision == Decision::start);
  REQUIRE(dispatcher.admit(2, {.job_name = "b", .group = "database"}).decision == Decision::wait);
  CHECK_FALSE(dispatcher.would_start({.job_name = "b"}));
  CHECK(admit(dispatcher, 3, "b") == Decision::skip);
  dispatcher.finished(2);
  CHECK(dispatcher.would_start({.job_name = "b"}));
}

TEST_CASE("a waiting run that is given up frees no place") {
  Dispatcher dispatcher{{.threads = 1, .processes = 1}};
  admit(dispatcher, 1, "a");
  admit(dispatcher, 2, "b");
  admit(dispatcher, 3, "c");
  CHECK(dispatcher.finished(2).empty());
  CHECK(dispatcher.finished(1) == std::vector<Ticket>{3});
}

TEST_CASE("an overdue thread gives its place away while its job stays active") {
  Dispatcher dispatcher{{.threads = 1, .processes = 1}};
  admit(dispatcher, 1, "stuck", RunKind::thread);
  admit(dispatcher, 2, "next", RunKind::thread);
  CHECK(dispatcher.overdue(1) == std::vector<Ticket>{2});
  CHECK(admit(dispatcher, 3, "stuck", RunKind::thread) == Decision::skip);
  CHECK(dispatcher.finished(1).empty());
  CHECK(admit(dispatcher, 4, "stuck", RunKind::thread) == Decision::wait);
  CHECK(dispatcher.finished(2) == std::vector<Ticket>{4});
}

TEST_CASE("no more places are given away than there are threads") {
  Dispatcher dispatcher{{.threads = 1, .processes = 1}};
  admit(dispatcher, 1, "a", RunKind::thread);
  dispatcher.overdue(1);
  admit(dispatcher, 2, "b", RunKind::thread);
  admit(dispatcher, 3, "c", RunKind::thread);
  CHECK(dispatcher.overdue(2).empty());
  CHECK(dispatcher.finished(1).empty());
  CHECK(dispatcher.overdue(2) == std::vector<Ticket>{3});
}

TEST_CASE("the end of a run that is not there changes nothing") {
  Dispatcher dispatcher{{.threads = 1, .processes = 1}};
  CHECK(dispatcher.finished(7).empty());
  CHECK(dispatcher.overdue(7).empty());
  CHECK(admit(dispatcher, 1, "a") == Decision::start);
}

}  // namespace
}  // namespace rota
