#include "supervisor/http/bodies.h"

#include <doctest/doctest.h>

#include <string>

using rota::HttpAnswer;
using rota::HttpRequest;
using rota::NamedScope;
using rota::Pause;

namespace {

HttpRequest with_body(const std::string& body) {
  HttpRequest request;
  request.content_type = "application/json; charset=utf-8";
  request.body = body;
  return request;
}

std::string refusal_of_scope(const std::string& body) {
  const auto read = rota::read_scope(with_body(body));
  const auto* refused = std::get_if<HttpAnswer>(&read);
  if (!refused) return "";
  CHECK(refused->status == 400);
  return refused->body;
}

NamedScope scope_in(const std::string& body) {
  const auto read = rota::read_scope(with_body(body));
  REQUIRE(std::holds_alternative<NamedScope>(read));
  return std::get<NamedScope>(read);
}

}  // namespace

TEST_CASE("a pause names a job or a group or all") {
  CHECK(scope_in(R"({"job": "a b"})").scope == Pause::Scope::job);
  CHECK(scope_in(R"({"job": "a b"})").name == "a b");
  CHECK(scope_in(R"({"group": "heavy"})").scope == Pause::Scope::group);
  CHECK(scope_in(R"({"all": true})").scope == Pause::Scope::all);
}

TEST_CASE("a pause that names not exactly one thing says what is wrong with it") {
  const auto holds = [](const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  };
  CHECK(holds(refusal_of_scope(""), "expected"));
  CHECK(holds(refusal_of_scope("{}"), "found 0"));
  CHECK(holds(refusal_of_scope(R"({"jobs": "a"})"), "member jobs"));
  CHECK(holds(refusal_of_scope(R"({"job": 7})"), "member job"));
  CHECK(holds(refusal_of_scope(R"({"job": ""})"), "member job"));
  CHECK(holds(refusal_of_scope(R"({"all": false})"), "member all"));
  CHECK(holds(refusal_of_scope(R"({"job": "a", "group": "b"})"), "found 2"));
  CHECK(holds(refusal_of_scope(R"({"job": "a", "why": "b"})"), "member why"));
  CHECK(holds(refusal_of_scope("[]"), "object"));
  CHECK(holds(refusal_of_scope("{"), "byte 2"));
}

TEST_CASE("where no body is expected an empty object is none and a member is refused by name") {
  CHECK_FALSE(rota::refuse_body(with_body("")));
  CHECK_FALSE(rota::refuse_body(with_body("{}")));
  const auto refused = rota::refuse_body(with_body(R"({"force": true})"));
  REQUIRE(refused);
  CHECK(refused->status == 400);
  CHECK(refused->body.find("force") != std::string::npos);
  HttpRequest form = with_body("a=b");
  form.content_type = "application/x-www-form-urlencoded";
  CHECK(rota::refuse_body(form)->status == 415);
}
