#include "supervisor/cli/job_table.h"

#include <doctest/doctest.h>

#include <boost/json.hpp>

namespace {

std::string fact(const std::vector<rota::Row>& facts, const std::string& name) {
  for (const rota::Row& row : facts)
    if (row[0].text == name + ":") return row[1].text;
  return "(none)";
}

}  // namespace

TEST_CASE("all that a job says is shown with durations for seconds and nothing for null") {
  const boost::json::object job{{"name", "backup"},
                                {"kind", "command"},
                                {"next_occurrence", "2026-03-01T01:00:00Z"},
                                {"timeout_seconds", 900.0},
                                {"active_runs", {7, 9}},
                                {"pause",
                                 {{"scope", "group"},
                                  {"name", "disk"},
                                  {"paused_by", "local:root"},
                                  {"paused_at", "2026-03-01T00:00:00Z"}}},
                                {"command", {"/bin/sh", "-c", "echo it's"}},
                                {"group", nullptr},
                                {"retry", {{"limit", 3}, {"delay_seconds", 90.0}, {"jitter", 0.1}}}};
  const auto facts = rota::job_facts(job, "UTC");
  CHECK(fact(facts, "next occurrence") == "2026-03-01 01:00:00");
  CHECK(fact(facts, "timeout") == "15 min");
  CHECK(fact(facts, "active runs") == "7, 9");
  CHECK(fact(facts, "paused") == "group disk by local:root since 2026-03-01 00:00:00");
  CHECK(fact(facts, "command") == "/bin/sh -c 'echo it'\\''s'");
  CHECK(fact(facts, "retry") == "limit 3; delay 1 min 30 s; jitter 0.1");
  CHECK(fact(facts, "group") == "(none)");
}

TEST_CASE("a paused job is told from an active and from an idle one") {
  CHECK(rota::job_row({{"pause", {{"scope", "all"}}}, {"active_runs", {1}}}, "UTC")[2].text == "paused");
  CHECK(rota::job_row({{"pause", nullptr}, {"active_runs", {1}}}, "UTC")[2].text == "run 1");
  CHECK(rota::job_row({{"active_runs", boost::json::array{}}}, "UTC")[2].text == "idle");
}

TEST_CASE("a job without a schedule of its own tells after which jobs it runs") {
  const auto when = [](const boost::json::object& job) { return rota::job_row(job, "UTC")[5].text; };
  CHECK(when({{"schedule", nullptr}, {"after", {"a", "b"}}, {"on", "success"}}) == "after a, b");
  CHECK(when({{"schedule", "every day"}, {"after", {"a"}}, {"on", "always"}}) ==
        "every day; after a on always");
  CHECK(when({{"schedule", "every day"}, {"after", boost::json::array{}}, {"on", "success"}}) == "every day");
}
