#include "supervisor/http/job_json.h"

#include <doctest/doctest.h>

#include <boost/json.hpp>

namespace json = boost::json;

TEST_CASE("a job that is only registered has the defaults of every policy and null for what it has not") {
  rota::JobSummary job;
  job.name = "plain";
  const json::value expected = json::parse(R"({
    "name": "plain", "schedule": null, "next_occurrence": null, "kind": "thread", "timeout_seconds": 0,
    "active_runs": [], "last_success_at": null, "pause": null, "tags": [], "source": null, "command": null,
    "overlap": {"rule": "skip", "limit": 1},
    "catch_up": {"rule": "once", "limit": 10, "window_seconds": 86400},
    "misfire_grace_seconds": 60,
    "retry": {"limit": 0, "delay_seconds": 30, "factor": 2.0, "longest_delay_seconds": 3600, "jitter": 0.1,
              "on": ["failed", "timed_out", "crashed", "lost"]},
    "after": [], "on": "success", "group": null, "priority": 0, "spread_seconds": 0,
    "finish_within_seconds": null, "success_within_seconds": null})");
  CHECK(json::parse(rota::job_text(job)) == expected);
}

TEST_CASE("a part of a second keeps its fraction") {
  rota::JobSummary job;
  job.timeout = std::chrono::milliseconds{1500};
  CHECK(json::parse(rota::job_text(job)).at("timeout_seconds") == 1.5);
}
