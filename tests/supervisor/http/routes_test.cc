#include "supervisor/http/routes.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "supervisor/http/parameters.h"

using rota::Ask;
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
  REQUIRE(std::holds_alternative<Ask>(routed));
  REQUIRE(std::holds_alternative<Wanted>(std::get<Ask>(routed)));
  return std::get<Wanted>(std::get<Ask>(routed));
}

}  // namespace

TEST_CASE("each path has its question") {
  asked<rota::AskHealth>("GET", "/healthz");
  asked<rota::AskJobs>("HEAD", "/scheduler/jobs");
  CHECK(asked<rota::AskRun>("GET", "/scheduler/runs/7").id == 7);
  CHECK(asked<rota::AskLog>("GET", "/scheduler/runs/7/log").id == 7);
  CHECK(asked<rota::TriggerJob>("POST", "/scheduler/run/a%2Eb").name == "a.b");
  const auto runs = asked<rota::AskRuns>("GET", "/scheduler/runs?job=a%20b&state=timed_out&before=9&limit=3");
  CHECK(runs.query.job_name == "a b");
  CHECK(runs.query.state == rota::RunState::timed_out);
  CHECK(runs.query.before == 9);
  CHECK(runs.query.limit == 3);
}

TEST_CASE("what is wrong with a request line has its status") {
  CHECK(refused_with("GET", "") == 404);
  CHECK(refused_with("GET", "/scheduler") == 404);
  CHECK(refused_with("GET", "/scheduler/runs/7/log/more") == 404);
  CHECK(refused_with("PUT", "/scheduler/jobs") == 405);
  CHECK(refused_with("GET", "/scheduler/runs/18446744073709551617") == 400);
  CHECK(refused_with("POST", "/scheduler/run/%4") == 400);
  CHECK(refused_with("GET", "/scheduler/runs?limit=1e3") == 400);
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
  }
}
