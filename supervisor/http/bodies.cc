#include "supervisor/http/bodies.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "supervisor/http/answer.h"
#include "supervisor/http/words.h"

namespace rota {
namespace {

namespace json = boost::json;

// The body, an object, one parameter, and one more so that its kind can be named.
constexpr std::size_t kDeepest = 4;

bool is_json(std::string_view content_type) {
  const std::string_view type = split(content_type, ';').front();
  const auto last = type.find_last_not_of(" \t");
  return lower_case(type.substr(0, last == std::string_view::npos ? 0 : last + 1)) == "application/json";
}

// As people write it, without an exponent unless it is very large or small.
std::string number_text(double number) {
  constexpr double kSmallest = 1e-6;
  constexpr double kLargest = 1e15;
  const double size = std::fabs(number);
  const bool fixed = size == 0 || (size >= kSmallest && size < kLargest);
  std::array<char, 64> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number,
                                          fixed ? std::chars_format::fixed : std::chars_format::scientific);
  return {text.data(), end};
}

std::optional<std::string> parameter_text(const json::value& value) {
  if (value.is_string()) return std::string{value.get_string()};
  if (value.is_double()) return number_text(value.get_double());
  if (value.is_number() || value.is_bool()) return json::serialize(value);
  return std::nullopt;
}

std::variant<json::object, HttpAnswer> parsed(const HttpRequest& request, const std::string& example) {
  if (!is_json(request.content_type)) return problem(415, "Content-Type: expected application/json");
  const std::string& body = request.body;
  json::parse_options options;
  options.max_depth = kDeepest;
  json::stream_parser parser{{}, options};
  json::error_code error;
  const std::size_t read = parser.write_some(body, error);
  if (!error && read == body.size()) parser.finish(error);
  if (error || read != body.size()) {
    const std::string reason = error ? error.message() : "more after the end";
    return problem(
        400, "body, byte " + std::to_string(read + 1) + ": " + reason + "; expected JSON such as " + example);
  }
  json::value value = parser.release();
  if (!value.is_object()) return problem(400, "body: expected a JSON object such as " + example);
  return std::move(value.get_object());
}

// What a known member of the body of a pause says; nullopt if its value is of the wrong kind.
std::optional<NamedScope> scope_of(std::string_view key, const json::value& value) {
  if (key == "all") {
    if (value.is_bool() && value.get_bool()) return NamedScope{Pause::Scope::all, ""};
  } else if (value.is_string() && !value.get_string().empty()) {
    return NamedScope{key == "job" ? Pause::Scope::job : Pause::Scope::group,
                      std::string{value.get_string()}};
  }
  return std::nullopt;
}

}  // namespace

std::variant<Parameters, HttpAnswer> read_parameters(const HttpRequest& request) {
  if (request.body.empty()) return Parameters{};
  const auto body = parsed(request, R"({"parameters": {"name": "value"}})");
  if (const auto* refused = std::get_if<HttpAnswer>(&body)) return *refused;
  Parameters parameters;
  for (const auto& [key, member] : std::get<json::object>(body)) {
    if (key != "parameters" || !member.is_object())
      return problem(
          400, "body, member " + std::string{key} + ": expected one member \"parameters\" that is an object");
    for (const auto& [name, entry] : member.get_object()) {
      const auto text = parameter_text(entry);
      if (!text)
        return problem(400,
                       "body, parameter " + std::string{name} + ": expected a text, a number, true or false");
      parameters[std::string{name}] = *text;
    }
  }
  return parameters;
}

std::variant<NamedScope, HttpAnswer> read_scope(const HttpRequest& request) {
  static const std::string kExpected = R"({"job": "NAME"}, {"group": "NAME"} or {"all": true})";
  if (request.body.empty()) return problem(400, "body: expected " + kExpected);
  const auto body = parsed(request, kExpected);
  if (const auto* refused = std::get_if<HttpAnswer>(&body)) return *refused;
  const auto& object = std::get<json::object>(body);
  std::optional<NamedScope> scope;
  for (const auto& [key, value] : object) {
    const bool known = key == "job" || key == "group" || key == "all";
    if (known) scope = scope_of(key, value);
    if (!known || !scope) return problem(400, "body, member " + std::string{key} + ": expected " + kExpected);
  }
  if (object.size() != 1)
    return problem(
        400, "body: expected one member, found " + std::to_string(object.size()) + "; expected " + kExpected);
  return *scope;
}

std::optional<HttpAnswer> refuse_body(const HttpRequest& request) {
  if (request.body.empty()) return std::nullopt;
  const auto body = parsed(request, "{}, or no body");
  if (const auto* refused = std::get_if<HttpAnswer>(&body)) return *refused;
  const auto& object = std::get<json::object>(body);
  if (object.empty()) return std::nullopt;
  return problem(400, "body, member " + std::string{object.begin()->key()} + ": expected {} or no body");
}

}  // namespace rota
