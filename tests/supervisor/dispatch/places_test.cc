// Groups, priorities and held jobs: who gets a place first.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "supervisor/dispatch/dispatcher.h"

namespace rota {
namespace {

using Decision = Admission::Decision;

Candidate in_group(const std::string& job, const std::string& group) {
  Candidate candidate;
  candidate.job_name = job;
  candidate.group = group;
  return candidate;
}

Candidate with_priority(const std::string& job, int priority) {
  Candidate candidate;
  candidate.job_name = job;
  candidate.priority = priority;
  return candidate;
}

TEST_CASE("a full group makes its own runs wait and nobody else's") {
  Dispatcher dispatcher{{.threads = 1, .processes = 9, .groups = {{"database", 1}}}};
  CHECK(dispatcher.admit(1, in_group("a", "database")).decision == Decision::start);
  CHECK(dispatcher.admit(2, in_group("b", "database")).decision == Decision::wait);
  CHECK(dispatcher.admit(3, in_group("c", "mail")).decision == Decision::start);
  CHECK(dispatcher.admit(4, in_group("d", "")).decision == Decision::start);
  CHECK(dispatcher.finished(3).empty());
  CHECK(dispatcher.finished(1) == std::vector<Ticket>{2});
}

TEST_CASE("a group bounds threads and processes together") {
  Dispatcher dispatcher{{.threads = 9, .processes = 9, .groups = {{"database", 1}}}};
  Candidate thread = in_group("a", "database");
  thread.kind = RunKind::thread;
  dispatcher.admit(1, thread);
  CHECK(dispatcher.admit(2, in_group("b", "database")).decision == Decision::wait);
}

TEST_CASE("one that waits for its group lets the next one past") {
  Dispatcher dispatcher{{.threads = 1, .processes = 2, .groups = {{"database", 1}}}};
  dispatcher.admit(1, in_group("a", "database"));
  dispatcher.admit(2, in_group("b", ""));
  dispatcher.admit(3, in_group("c", "database"));
  dispatcher.admit(4, in_group("d", ""));
  CHECK(dispatcher.finished(2) == std::vector<Ticket>{4});
  CHECK(dispatcher.finished(1) == std::vector<Ticket>{3});
}

TEST_CASE("a higher priority starts first and equal ones in the order of coming") {
  Dispatcher dispatcher{{.threads = 1, .processes = 1}};
  dispatcher.admit(1, with_priority("running", 0));
  const int priorities[] = {0, 5, -5, 5, 0};
  Ticket ticket = 2;
  for (const int priority : priorities) {
    dispatcher.admit(ticket, with_priority("job" + std::to_string(ticket), priority));
    ++ticket;
  }
  std::vector<Ticket> order;
  for (std::vector<Ticket> started = dispatcher.finished(1); !started.empty();
       started = dispatcher.finished(started[0]))
    order.push_back(started[0]);
  CHECK(order == std::vector<Ticket>{3, 5, 2, 6, 4});
}

TEST_CASE("nobody starves behind a stream of higher priority") {
  Dispatcher dispatcher{{.threads = 1, .processes = 1}};
  dispatcher.admit(1, with_priority("running", 0));
  dispatcher.admit(2, with_priority("patient", 0));
  Ticket running = 1;
  Ticket next = 3;
  int overtaken = 0;
  while (running != 2) {
    dispatcher.admit(next, with_priority("urgent" + std::to_string(next), 1));
    ++next;
    running = dispatcher.finished(running).at(0);
    REQUIRE(++overtaken <= 1001);
  }
  CHECK(overtaken > 900);
}

TEST_CASE("a held job waits and starts when it is released unless a person asks for it") {
  Dispatcher dispatcher{{.threads = 1, .processes = 9}};
  dispatcher.hold({"job"});
  CHECK(dispatcher.admit(1, with_priority("job", 0)).decision == Decision::wait);
  CHECK(dispatcher.admit(2, with_priority("other", 0)).decision == Decision::start);
  CHECK(dispatcher.hold({"job", "other"}).empty());
  CHECK(dispatcher.hold({}) == std::vector<Ticket>{1});
  dispatcher.finished(1);
  dispatcher.hold({"job"});
  Candidate manual = with_priority("job", 0);
  manual.ignores_hold = true;
  CHECK(dispatcher.admit(3, manual).decision == Decision::start);
}

TEST_CASE("other limits let waiting runs start or stop nothing that runs") {
  Dispatcher dispatcher{{.threads = 1, .processes = 1}};
  for (Ticket ticket = 1; ticket <= 4; ++ticket)
    dispatcher.admit(ticket, with_priority("job" + std::to_string(ticket), 0));
  CHECK(dispatcher.set_limits({.threads = 1, .processes = 3}) == std::vector<Ticket>{2, 3});
  CHECK(dispatcher.set_limits({.threads = 1, .processes = 1}).empty());
  CHECK(dispatcher.running() == 3);
  CHECK(dispatcher.finished(1).empty());
  CHECK(dispatcher.finished(2).empty());
  CHECK(dispatcher.finished(3) == std::vector<Ticket>{4});
}

}  // namespace
}  // namespace rota
