#include "supervisor/client/advice.h"

#include <doctest/doctest.h>

#include <cerrno>

#include "supervisor/client/client.h"

using rota::refused_text;
using rota::unreachable_text;

namespace {

const rota::Endpoint kSocket{"/run/rota/rota.sock", "", ""};
const rota::Endpoint kUrl{"", "http://127.0.0.1:8642", ""};
constexpr const char* kProblem = R"({"title":"x","detail":"there is no job t_ko; did you mean t_ok?"})";

bool has(const std::string& text, const char* part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("a supervisor that is not there is named with how to start it") {
  CHECK(has(unreachable_text(kSocket, ENOENT, ""), "/run/rota/rota.sock"));
  CHECK(has(unreachable_text(kSocket, ENOENT, ""), "systemctl start rotad"));
  CHECK(has(unreachable_text(kSocket, ECONNREFUSED, ""), "systemctl start rotad"));
  CHECK(has(unreachable_text(kSocket, EACCES, ""), "adduser USER rota"));
  CHECK(has(unreachable_text(kUrl, 0, "Connection timed out"), "8642: Connection timed out"));
}

TEST_CASE("a refusal gives the reason of the supervisor and the next step") {
  const std::string unknown = refused_text(kSocket, 404, "/scheduler/run/t_ko", kProblem);
  CHECK(has(unknown, "did you mean t_ok?"));
  CHECK(has(unknown, "rota jobs"));
  CHECK(has(refused_text(kSocket, 404, "/scheduler/runs/9", kProblem), "rota runs"));
  CHECK(has(refused_text(kUrl, 401, "/scheduler/jobs", kProblem), "--token-file"));
  CHECK(has(refused_text(kUrl, 403, "/scheduler/jobs", kProblem), "--scope"));
  CHECK(has(refused_text(kSocket, 403, "/scheduler/jobs", kProblem), "group"));
}

TEST_CASE("an answer that is no problem says whose it is") {
  const std::string text = refused_text(kUrl, 502, "/scheduler/jobs", "<html>Bad Gateway</html>");
  CHECK(has(text, "http://127.0.0.1:8642"));
  CHECK(has(text, "502"));
  CHECK_FALSE(has(text, "html"));
}

TEST_CASE("every byte that is not unreserved is percent encoded") {
  CHECK(rota::percent_encoded("a-b_c.d~9") == "a-b_c.d~9");
  CHECK(rota::percent_encoded("a/b?c&d=\xC3\xA9 %") == "a%2Fb%3Fc%26d%3D%C3%A9%20%25");
}
