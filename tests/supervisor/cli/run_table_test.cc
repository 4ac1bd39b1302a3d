#include "supervisor/cli/run_table.h"

#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "common/time/rfc3339.h"
#include "supervisor/cli/progress_bar.h"
#include "supervisor/cli/run_exit_status.h"
#include "supervisor/cli/run_tracker.h"

namespace {

using Object = boost::json::object;

Object run(std::int64_t id, const char* state) { return {{"id", id}, {"state", state}}; }

std::vector<std::int64_t> ids(const std::vector<Object>& runs) {
  std::vector<std::int64_t> found;
  found.reserve(runs.size());
  for (const Object& one : runs) found.push_back(one.at("id").as_int64());
  return found;
}

int status(const char* state, Object more, bool is_command) {
  more["state"] = state;
  return rota::run_exit_status(more, is_command);
}

}  // namespace

TEST_CASE("a row tells how a run went") {
  const Object failed{{"id", 7},
                      {"job_name", "weekly"},
                      {"state", "failed"},
                      {"trigger", "retry"},
                      {"attempt", 2},
                      {"queued_at", "2026-03-01T01:00:00Z"},
                      {"started_at", "2026-03-01T01:00:01Z"},
                      {"finished_at", "2026-03-01T01:01:21Z"},
                      {"error_message", "no such page"},
                      {"late_since", "2026-03-01T01:01:00Z"}};
  const rota::Row row = rota::run_row(failed, "UTC", {});
  const char* const expected[] = {
      "7", "weekly", "failed", "retry 2", "2026-03-01 01:00:01", "1 min 20 s", "late; no such page"};
  REQUIRE(row.size() == std::size(expected));
  for (std::size_t i = 0; i < row.size(); ++i) CHECK(row[i].text == expected[i]);
  CHECK(row[2].colour == rota::Colour::red);
}

TEST_CASE("a run that goes on shows its time so far and its progress") {
  const Object running{{"id", 8},
                       {"state", "running"},
                       {"started_at", "2026-03-01T01:00:00Z"},
                       {"finished_at", nullptr},
                       {"error_message", nullptr},
                       {"progress", {{"done", 3}, {"total", 10}, {"message", "pages"}}}};
  const rota::Row row = rota::run_row(running, "UTC", *rota::parse_rfc3339("2026-03-01T01:00:05Z"));
  CHECK(row[5].text == "5 s");
  CHECK(row[6].text == "3 of 10 pages");
}

TEST_CASE("an answer without a member is shown without it") {
  const rota::Row row = rota::run_row({}, "UTC", {});
  for (const rota::Cell& cell : row) CHECK(cell.text.empty());
}

TEST_CASE("a wait ends as the run did") {
  CHECK(status("succeeded", {{"exit_code", 3}}, true) == 0);
  CHECK(status("failed", {{"exit_code", 3}}, true) == 3);
  CHECK(status("failed", {{"exit_code", 3}}, false) == 1);
  CHECK(status("failed", {{"exit_code", 0}}, true) == 1);
  CHECK(status("failed", {{"exit_code", nullptr}}, true) == 1);
  CHECK(status("timed_out", {{"signal", 15}}, true) == 124);
  CHECK(status("cancelled", {}, true) == 130);
  CHECK(status("crashed", {{"signal", 11}}, false) == 139);
  CHECK(status("crashed", {{"signal", nullptr}}, false) == 1);
  for (const char* state : {"lost", "skipped", "missed", "unheard_of"}) CHECK(status(state, {}, false) == 1);
}

TEST_CASE("new runs and changed ones are told once in their order") {
  rota::RunTracker tracker{5};
  tracker.note(run(3, "running"));
  CHECK(tracker.take({run(5, "succeeded"), run(3, "running")}).empty());
  CHECK(ids(tracker.take({run(7, "queued"), run(6, "succeeded"), run(3, "failed")})) ==
        std::vector<std::int64_t>{3, 6, 7});
  CHECK(tracker.active() == std::vector<std::int64_t>{7});
  CHECK(tracker.take({run(7, "queued"), run(6, "succeeded"), run(3, "failed")}).empty());
  CHECK(ids(tracker.take({run(7, "running")})) == std::vector<std::int64_t>{7});
  CHECK(ids(tracker.take({run(7, "succeeded")})) == std::vector<std::int64_t>{7});
  CHECK(tracker.active().empty());
  CHECK(tracker.newest() == 7);
}
