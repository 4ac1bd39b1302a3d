#include "supervisor/http/routes.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "common/time/rfc3339.h"
#include "supervisor/http/bodies.h"

using rota::HttpAnswer;

namespace {

unsigned refused_with(const std::string& method, const std::string& target) {
  const auto routed = rota::route(method, target);
  const auto* answer = std::get_if<HttpAnswer>(&routed);
  return answer ? answer->status : 0;
}

template <typename Wanted>
Wanted asked(const std::string& method, const std::string& target) {
  const auto routed = rota::route(method, target);
  REQUIRE(std::holds_alternative<rota::Routed>(routed));
  const rota::Ask& ask = std::get<rota::Routed>(routed).ask;
  REQUIRE(std::holds_alternative<Wanted>(ask));
  return std::get<Wanted>(ask);
}

rota::Right right_for(const std::string& method, const std::string& target) {
  return std::get<rota::Routed>(rota::route(method, target)).right;
}

}  // namespace

TEST_CASE("each path has its question") {
  asked<rota::AskHealth>("GET", "/healthz");
  asked<rota::AskJobs>("HEAD", "/scheduler/jobs");
  CHECK(asked<rota::AskRun>("GET", "/scheduler/runs/7").id == 7);
  CHECK(asked<rota::AskLog>("GET", "/scheduler/runs/7/log").id == 7);
  CHECK(asked<rota::TriggerJob>("POST", "/scheduler/run/a%2Eb").name == "a.b");
  CHECK(asked<rota::AskLog>("GET", "/scheduler/runs/7/log?offset=1024").offset == 1024);
  CHECK(asked<rota::AskJob>("GET", "/scheduler/jobs/caf%C3%A9%2F").name == "caf\u00e9/");
  CHECK(asked<rota::CancelRun>("POST", "/scheduler/runs/7/cancel").id == 7);
  asked<rota::AskStatus>("GET", "/scheduler/status");
  asked<rota::AskBackup>("GET", "/scheduler/backup");
  asked<rota::PauseJobs>("POST", "/scheduler/pause");
  asked<rota::ResumeJobs>("POST", "/scheduler/resume");
  asked<rota::Reload>("POST", "/scheduler/reload");
  asked<rota::Prune>("POST", "/scheduler/prune");
  const auto runs = asked<rota::AskRuns>("GET", "/scheduler/runs?job=a%20b&state=timed_out&before=9&limit=3");
  CHECK(runs.query.job_name == "a b");
  CHECK(runs.query.state == rota::RunState::timed_out);
  CHECK(runs.query.before == 9);
  CHECK(runs.query.limit == 3);
}

TEST_CASE("since is an instant in any zone") {
  const auto wanted = rota::parse_rfc3339("2026-11-24T10:00:00Z");
  CHECK(asked<rota::AskRuns>("GET", "/scheduler/runs?since=2026-11-24T10:00:00Z").query.since == wanted);
  CHECK(asked<rota::AskRuns>("GET", "/scheduler/runs?since=2026-11-24T11:00:00%2B01:00").query.since ==
        wanted);
  CHECK(asked<rota::AskRuns>("GET", "/scheduler/runs?since=2026-11-24T11:00:00+01:00").query.since == wanted);
}

TEST_CASE("each question needs its own right") {
  using rota::Right;
  CHECK(right_for("GET", "/healthz") == Right::none);
  for (const char* path : {"jobs", "jobs/a", "runs", "runs/7", "runs/7/log", "status"})
    CHECK(right_for("GET", std::string{"/scheduler/"} + path) == Right::read);
  for (const char* path : {"run/a", "runs/7/cancel"})
    CHECK(right_for("POST", std::string{"/scheduler/"} + path) == Right::run);
  for (const char* path : {"pause", "resume", "reload", "prune"})
    CHECK(right_for("POST", std::string{"/scheduler/"} + path) == Right::admin);
  CHECK(right_for("GET", "/scheduler/backup") == Right::admin);
}

TEST_CASE("only what grows with the history may take long") {
  CHECK(rota::is_lengthy("/scheduler/backup"));
  CHECK(rota::is_lengthy("/scheduler/prune?x"));
  CHECK(rota::is_lengthy("/scheduler/reload"));
  CHECK_FALSE(rota::is_lengthy("/scheduler/runs"));
  CHECK_FALSE(rota::is_lengthy("/"));
}

TEST_CASE("what is wrong with a request line has its status") {
  CHECK(refused_with("GET", "") == 404);
  CHECK(refused_with("GET", "/scheduler") == 404);
  CHECK(refused_with("GET", "/scheduler/runs/7/log/more") == 404);
  CHECK(refused_with("PUT", "/scheduler/jobs") == 405);
  CHECK(refused_with("GET", "/scheduler/runs/18446744073709551617") == 400);
  CHECK(refused_with("POST", "/scheduler/run/%4") == 400);
  CHECK(refused_with("GET", "/scheduler/runs?limit=1e3") == 400);
  CHECK(refused_with("GET", "/scheduler/runs?since=yesterday") == 400);
  CHECK(refused_with("GET", "/scheduler/runs/7/log?offset=-1") == 400);
  CHECK(refused_with("GET", "/scheduler/runs/7?offset=1") == 400);
  CHECK(refused_with("GET", "/scheduler/jobs/") == 400);
  CHECK(refused_with("GET", "/scheduler/runs/7/cancel") == 405);
  CHECK(refused_with("POST", "/scheduler/runs/x/cancel") == 400);
  for (const char* path : {"pause", "resume", "reload", "prune"})
    CHECK(refused_with("GET", std::string{"/scheduler/"} + path) == 405);
  CHECK(refused_with("POST", "/scheduler/backup") == 405);
}

TEST_CASE("no text of a request line or a body is too much") {
  std::mt19937 source{1};
  const std::string letters = "/scheduler/runs?&=%{}[]\"\\0123456789\x80\xff\n ";
  for (int i = 0; i < 20'000; ++i) {
    std::string text = i % 2 == 0 ? "/scheduler/" : "";
    for (std::size_t length = source() % 40; length > 0; --length) text += letters[source() % letters.size()];
    static_cast<void>(rota::route("GET", text));
    rota::HttpRequest request;
    request.content_type = "application/json";
    request.body = text;
    static_cast<void>(rota::read_parameters(request));
    static_cast<void>(rota::read_scope(request));
  }
}
