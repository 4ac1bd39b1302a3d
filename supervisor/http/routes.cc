#include "supervisor/http/routes.h"

#include <charconv>
#include <optional>
#include <vector>

#include "common/text/nearest_word.h"
#include "supervisor/http/answer.h"

namespace rota {
namespace {

int hexadecimal(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

// RFC 3986, section 2.1; nullopt for a % without two digits after it.
std::optional<std::string> decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hexadecimal(text[i + 1]);
    const int low = hexadecimal(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    result += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return result;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::int64_t> positive(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 1) return std::nullopt;
  return number;
}

// Sets one member of the query; what was expected, if the value is wrong.
std::string set_member(RunQuery& query, const std::string& key, const std::string& value) {
  constexpr std::int64_t kLongestPage = 1000;
  if (key == "job") {
    query.job_name = value;
  } else if (key == "state") {
    query.state = parse_run_state(value);
    if (!query.state) return "a state, such as failed or running";
  } else if (key == "before") {
    query.before = positive(value);
    if (!query.before) return "the id of a run";
  } else if (key == "limit") {
    const auto limit = positive(value);
    if (!limit || *limit > kLongestPage) return "a whole number from 1 to 1000";
    query.limit = static_cast<int>(*limit);
  } else {
    return "no such key" + suggestion(key, {"job", "state", "before", "limit"});
  }
  return {};
}

std::variant<Ask, HttpAnswer> runs_route(std::string_view query_text) {
  AskRuns ask;
  if (query_text.empty()) return ask;
  for (const std::string_view pair : split(query_text, '&')) {
    const auto equals = pair.find('=');
    const auto key = decoded(pair.substr(0, equals));
    const auto value = decoded(equals == std::string_view::npos ? "" : pair.substr(equals + 1));
    if (!key || !value)
      return problem(400, "query " + std::string{pair} + ": expected two hexadecimal digits after each %");
    const std::string expected = set_member(ask.query, *key, *value);
    if (!expected.empty()) return problem(400, "query " + *key + "=" + *value + ": expected " + expected);
  }
  return ask;
}

// The route by its path alone, with the one method that it has.
struct Place {
  std::variant<Ask, HttpAnswer> ask;
  std::string_view method = "GET";
};

std::optional<Place> place_of(std::string_view path, std::string_view query) {
  if (path == "/healthz") return Place{AskHealth{}};
  const auto parts = split(path, '/');
  if (parts.size() < 3 || !parts[0].empty() || parts[1] != "scheduler") return std::nullopt;
  if (parts.size() == 3 && parts[2] == "jobs") return Place{AskJobs{}};
  if (parts.size() == 3 && parts[2] == "runs") return Place{runs_route(query)};
  if (parts.size() == 4 && parts[2] == "run") {
    const auto name = decoded(parts[3]);
    if (!name || name->empty())
      return Place{problem(400, "path: expected the name of a job after /scheduler/run/"), "POST"};
    return Place{TriggerJob{*name}, "POST"};
  }
  if (parts.size() < 4 || parts.size() > 5 || parts[2] != "runs" || (parts.size() == 5 && parts[4] != "log"))
    return std::nullopt;
  const auto id = positive(parts[3]);
  if (!id) return Place{problem(400, "path: expected the id of a run after /scheduler/runs/")};
  if (parts.size() == 5) return Place{AskLog{*id}};
  return Place{AskRun{*id}};
}

}  // namespace

std::variant<Ask, HttpAnswer> route(std::string_view method, std::string_view target) {
  const auto question = target.find('?');
  const std::string_view query = question == std::string_view::npos ? "" : target.substr(question + 1);
  auto place = place_of(target.substr(0, question), query);
  if (!place) return problem(404, "there is nothing at this path");
  if (method == "HEAD") method = "GET";
  if (method == place->method) return std::move(place->ask);
  HttpAnswer answer = problem(405, "expected the method " + std::string{place->method});
  answer.headers.emplace_back("Allow", place->method == "GET" ? "GET, HEAD" : "POST");
  return answer;
}

}  // namespace rota
