#include "supervisor/http/routes.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "common/text/nearest_word.h"
#include "supervisor/http/answer.h"
#include "supervisor/http/words.h"

namespace rota {
namespace {

struct Member {
  std::string key;
  std::string value;
};
using Query = std::vector<Member>;

std::variant<Query, HttpAnswer> read_query(std::string_view text, const std::vector<std::string>& known) {
  Query query;
  if (text.empty()) return query;
  for (const std::string_view pair : split(text, '&')) {
    const auto equals = pair.find('=');
    const auto key = percent_decoded(pair.substr(0, equals));
    const auto value = percent_decoded(equals == std::string_view::npos ? "" : pair.substr(equals + 1));
    if (!key || !value)
      return problem(400,
                     "query " + std::string{pair} + ": expected UTF-8 with %XX for what is not a letter");
    if (std::find(known.begin(), known.end(), *key) == known.end())
      return problem(400, "query " + *key + ": there is no such key here" + suggestion(*key, known));
    if (std::any_of(query.begin(), query.end(), [&](const Member& member) { return member.key == *key; }))
      return problem(400, "query " + *key + ": expected once");
    query.push_back({*key, *value});
  }
  return query;
}

// Sets one member; what was expected, if the value is wrong.
std::string set_member(RunQuery& query, const Member& member) {
  constexpr std::int64_t kLongestPage = 1000;
  if (member.key == "job") {
    query.job_name = member.value;
  } else if (member.key == "state") {
    query.state = parse_run_state(member.value);
    if (!query.state) return "a state, such as failed or running";
  } else if (member.key == "before") {
    query.before = positive_number(member.value);
    if (!query.before) return "the id of a run";
  } else {
    const auto limit = positive_number(member.value);
    if (!limit || *limit > kLongestPage) return "a whole number from 1 to 1000";
    query.limit = static_cast<int>(*limit);
  }
  return {};
}

std::variant<Ask, HttpAnswer> runs_route(const Query& query) {
  AskRuns ask;
  for (const Member& member : query) {
    const std::string expected = set_member(ask.query, member);
    if (!expected.empty())
      return problem(400, "query " + member.key + "=" + member.value + ": expected " + expected);
  }
  return ask;
}

std::variant<Ask, HttpAnswer> trigger_route(std::string_view segment) {
  const auto name = percent_decoded(segment);
  if (!name || name->empty())
    return problem(400, "path: expected the name of a job after /scheduler/run/, in UTF-8 with %XX");
  return TriggerJob{*name};
}

template <typename AskOfRun>
std::variant<Ask, HttpAnswer> run_route(std::string_view segment) {
  const auto id = positive_number(segment);
  if (!id) return problem(400, "path: expected the id of a run after /scheduler/runs/");
  return AskOfRun{*id};
}

// The route by its path alone, with the one method that it has.
struct Place {
  std::variant<Ask, HttpAnswer> ask;
  std::string_view method = "GET";
  bool is_search = false;  // its query is read into `ask`
};

std::optional<Place> place_of(std::string_view path) {
  if (path == "/healthz") return Place{AskHealth{}};
  const auto parts = split(path, '/');
  if (parts.size() < 3 || !parts[0].empty() || parts[1] != "scheduler") return std::nullopt;
  const std::string_view kind = parts[2];
  if (parts.size() == 3 && kind == "jobs") return Place{AskJobs{}};
  if (parts.size() == 3 && kind == "runs") return Place{AskRuns{}, "GET", true};
  if (parts.size() == 4 && kind == "run") return Place{trigger_route(parts[3]), "POST"};
  if (parts.size() == 4 && kind == "runs") return Place{run_route<AskRun>(parts[3])};
  if (parts.size() == 5 && kind == "runs" && parts[4] == "log") return Place{run_route<AskLog>(parts[3])};
  return std::nullopt;
}

}  // namespace

std::variant<Ask, HttpAnswer> route(std::string_view method, std::string_view target) {
  const auto question = target.find('?');
  auto place = place_of(target.substr(0, question));
  if (!place) return problem(404, "there is nothing at this path");
  if (method == "HEAD") method = "GET";
  if (method != place->method) {
    HttpAnswer answer = problem(405, "expected the method " + std::string{place->method});
    answer.headers.emplace_back("Allow", place->method == "GET" ? "GET, HEAD" : "POST");
    return answer;
  }
  if (question == std::string_view::npos) return std::move(place->ask);
  static const std::vector<std::string> kSearchKeys{"job", "state", "before", "limit"};
  auto query =
      read_query(target.substr(question + 1), place->is_search ? kSearchKeys : std::vector<std::string>{});
  if (auto* wrong = std::get_if<HttpAnswer>(&query)) return std::move(*wrong);
  if (place->is_search) return runs_route(std::get<Query>(query));
  return std::move(place->ask);
}

}  // namespace rota
