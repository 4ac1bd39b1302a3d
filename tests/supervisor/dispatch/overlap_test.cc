// The overlap rules, row by row of the policy table.
#include <doctest/doctest.h>

#include <string>

#include "supervisor/dispatch/dispatcher.h"

namespace rota {
namespace {

using Decision = Admission::Decision;
using Rule = OverlapPolicy::Rule;

Candidate of(OverlapPolicy overlap, const std::string& job = "job") {
  Candidate candidate;
  candidate.job_name = job;
  candidate.overlap = overlap;
  return candidate;
}

char letter(Decision decision) {
  return decision == Decision::start ? 's' : decision == Decision::wait ? 'w' : '-';
}

struct Case {
  std::string what;
  OverlapPolicy overlap;
  int processes;
  const char* expected;  // of runs that come one after the other: s starts, w waits, - is skipped
};

TEST_CASE("what comes while the job is active starts or waits or is skipped by its rule") {
  const Case cases[] = {
      {"skip", {Rule::skip}, 9, "s---"},
      {"skip counts one that waits for a place", {Rule::skip}, 0, "w---"},
      {"queue of one", {Rule::queue, 1}, 9, "sw--"},
      {"queue of two", {Rule::queue, 2}, 9, "sww-"},
      {"parallel of one", {Rule::parallel, 1}, 9, "s---"},
      {"parallel of three", {Rule::parallel, 3}, 9, "sss-"},
      {"parallel waits for places too", {Rule::parallel, 3}, 1, "sww-"},
      {"replace", {Rule::replace}, 9, "swww"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.what);
    Dispatcher dispatcher{{.threads = 1, .processes = each.processes}};
    std::string decisions;
    for (Ticket ticket = 1; ticket <= 4; ++ticket) {
      const Admission admission = dispatcher.admit(ticket, of(each.overlap));
      decisions += letter(admission.decision);
      CHECK((admission.decision == Decision::skip) == !admission.reason.empty());
    }
    CHECK(decisions == each.expected);
  }
}

TEST_CASE("a reason names the job and the limit") {
  Dispatcher dispatcher{{.threads = 1, .processes = 9}};
  dispatcher.admit(1, of({Rule::queue, 1}, "report"));
  dispatcher.admit(2, of({Rule::queue, 1}, "report"));
  const std::string reason = dispatcher.admit(3, of({Rule::queue, 1}, "report")).reason;
  CHECK(reason.find("report") != std::string::npos);
  CHECK(reason.find('1') != std::string::npos);
}

TEST_CASE("queued runs of a job start one after the other") {
  Dispatcher dispatcher{{.threads = 1, .processes = 9}};
  for (Ticket ticket = 1; ticket <= 3; ++ticket) dispatcher.admit(ticket, of({Rule::queue, 2}));
  CHECK(dispatcher.finished(1) == std::vector<Ticket>{2});
  CHECK(dispatcher.finished(2) == std::vector<Ticket>{3});
}

TEST_CASE("a run that replaces stops the active one and starts once that is gone") {
  Dispatcher dispatcher{{.threads = 1, .processes = 9}};
  dispatcher.admit(1, of({Rule::replace}));
  const Admission second = dispatcher.admit(2, of({Rule::replace}));
  CHECK(second.decision == Decision::wait);
  CHECK(second.stop == std::vector<Ticket>{1});
  const Admission third = dispatcher.admit(3, of({Rule::replace}));
  CHECK(third.stop == std::vector<Ticket>{1});
  CHECK(third.replaced == std::vector<Ticket>{2});
  CHECK(dispatcher.finished(2).empty());
  CHECK(dispatcher.finished(1) == std::vector<Ticket>{3});
}

TEST_CASE("jobs do not see each other's overlap") {
  Dispatcher dispatcher{{.threads = 1, .processes = 9}};
  dispatcher.admit(1, of({Rule::skip}, "a"));
  CHECK(dispatcher.admit(2, of({Rule::skip}, "b")).decision == Decision::start);
  CHECK(dispatcher.is_active("a"));
  dispatcher.finished(1);
  CHECK_FALSE(dispatcher.is_active("a"));
}

}  // namespace
}  // namespace rota
