// Groups, priorities and held jobs: who gets a place first.
#include <doctest/doctest.h>

#include <string>
#include <vector>

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

struct Case {
  std::string what;
  int processes;
  int disk;                     // limit of that group; 0: none
  std::vector<Candidate> runs;  // in the order in which they come
  const char* admitted;         // of each: s starts, w waits
  std::vector<Ticket> started;  // as the runs end in the order in which they have started
};

TEST_CASE("runs start while there are places and the others by priority and in the order of coming") {
  const Candidate a = with_priority("a", 0);
  const Candidate b = with_priority("b", 0);
  const Candidate c = with_priority("c", 0);
  const Candidate d = with_priority("d", 0);
  const Candidate high = with_priority("high", 5);
  const Candidate higher = with_priority("higher", 5);
  const Candidate low = with_priority("low", -5);
  const Candidate disk = in_group("disk_a", "disk");
  const Candidate other_disk = in_group("disk_b", "disk");
  Candidate disk_thread = in_group("disk_c", "disk");
  disk_thread.kind = RunKind::thread;
  Candidate thread = with_priority("thread", 0);
  thread.kind = RunKind::thread;
  const Case cases[] = {
      {"each place is taken", 2, 0, {a, b}, "ss", {1, 2}},
      {"first come first served", 1, 0, {a, b, c, d}, "swww", {1, 2, 3, 4}},
      {"so too with more places", 2, 0, {a, b, c, d}, "ssww", {1, 2, 3, 4}},
      {"threads take no place of a process", 1, 0, {a, thread, b}, "ssw", {1, 2, 3}},
      {"the higher priority first", 1, 0, {a, low, b, high}, "swww", {1, 4, 3, 2}},
      {"equal ones in the order of coming", 1, 0, {a, high, b, higher, low, c}, "swwwww", {1, 2, 4, 3, 6, 5}},
      {"who runs is not driven out", 1, 0, {low, high}, "sw", {1, 2}},
      {"a full group makes its own runs wait", 9, 1, {disk, other_disk, a}, "sws", {1, 3, 2}},
      {"it bounds threads and processes together", 9, 1, {disk_thread, disk, thread}, "sws", {1, 3, 2}},
      {"a group without a limit bounds nothing", 9, 0, {disk, other_disk}, "ss", {1, 2}},
      {"a group needs places too", 1, 1, {a, disk}, "sw", {1, 2}},
  };
  for (const Case& each : cases) {
    CAPTURE(each.what);
    Dispatcher::Limits limits{.threads = 9, .processes = each.processes};
    if (each.disk > 0) limits.groups.emplace("disk", each.disk);
    Dispatcher dispatcher{limits};
    std::string admitted;
    std::vector<Ticket> started;
    for (Ticket ticket = 1; ticket <= each.runs.size(); ++ticket) {
      const bool starts = dispatcher.admit(ticket, each.runs[ticket - 1]).decision == Decision::start;
      admitted += starts ? 's' : 'w';
      if (starts) started.push_back(ticket);
    }
    for (std::size_t ended = 0; ended < started.size(); ++ended) {
      const std::vector<Ticket> next = dispatcher.finished(started[ended]);
      started.insert(started.end(), next.begin(), next.end());
    }
    CHECK(admitted == each.admitted);
    CHECK(started == each.started);
    CHECK(dispatcher.waiting() == 0);
  }
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
