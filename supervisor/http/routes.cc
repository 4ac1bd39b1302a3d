#include "supervisor/http/routes.h"

#include <optional>
#include <utility>
#include <vector>

#include "supervisor/http/answer.h"
#include "supervisor/http/query.h"
#include "supervisor/http/words.h"

namespace rota {
namespace {

// The route by its path alone, with the one method that it has.
struct Place {
  std::variant<Ask, HttpAnswer> ask;
  Right right = Right::admin;
  std::string_view method = "GET";
  bool lengthy = false;
};

template <typename AskOfJob>
std::variant<Ask, HttpAnswer> job_route(std::string_view segment) {
  auto name = percent_decoded(segment);
  if (!name || name->empty())
    return problem(400, "path: expected the name of a job at the end, in UTF-8 with %XX");
  return AskOfJob{*std::move(name)};
}

template <typename AskOfRun>
std::variant<Ask, HttpAnswer> run_route(std::string_view segment) {
  const auto id = positive_number(segment);
  if (!id) return problem(400, "path: expected the id of a run after /scheduler/runs/");
  AskOfRun ask;
  ask.id = *id;
  return ask;
}

std::optional<Place> place_of_word(std::string_view word) {
  if (word == "jobs") return Place{AskJobs{}, Right::read};
  if (word == "runs") return Place{AskRuns{}, Right::read};
  if (word == "status") return Place{AskStatus{}, Right::read};
  if (word == "pause") return Place{PauseJobs{}, Right::admin, "POST"};
  if (word == "resume") return Place{ResumeJobs{}, Right::admin, "POST"};
  if (word == "reload") return Place{Reload{}, Right::admin, "POST", true};
  if (word == "prune") return Place{Prune{}, Right::admin, "POST", true};
  if (word == "backup") return Place{AskBackup{}, Right::admin, "GET", true};
  return std::nullopt;
}

std::optional<Place> place_of(std::string_view path) {
  if (path == "/healthz") return Place{AskHealth{}, Right::none};
  const auto parts = split(path, '/');
  if (parts.size() < 3 || !parts[0].empty() || parts[1] != "scheduler") return std::nullopt;
  if (parts.size() == 3) return place_of_word(parts[2]);
  const std::string_view kind = parts[2];
  if (parts.size() == 4 && kind == "run") return Place{job_route<TriggerJob>(parts[3]), Right::run, "POST"};
  if (parts.size() == 4 && kind == "jobs") return Place{job_route<AskJob>(parts[3]), Right::read};
  if (parts.size() == 4 && kind == "runs") return Place{run_route<AskRun>(parts[3]), Right::read};
  if (parts.size() != 5 || kind != "runs") return std::nullopt;
  if (parts[4] == "log") return Place{run_route<AskLog>(parts[3]), Right::read};
  if (parts[4] == "cancel") return Place{run_route<CancelRun>(parts[3]), Right::run, "POST"};
  return std::nullopt;
}

std::vector<std::string> keys_of(const Ask& ask) {
  if (std::holds_alternative<AskRuns>(ask)) return {"job", "state", "since", "before", "limit"};
  if (std::holds_alternative<AskLog>(ask)) return {"offset"};
  return {};
}

// Puts into `ask` what the query says; the answer to one that is wrong.
std::optional<HttpAnswer> take_query(std::string_view text, Ask& ask) {
  auto read = read_query(text, keys_of(ask));
  if (auto* wrong = std::get_if<HttpAnswer>(&read)) return std::move(*wrong);
  const Query& query = std::get<Query>(read);
  if (auto* runs = std::get_if<AskRuns>(&ask)) {
    auto members = read_run_query(query);
    if (auto* wrong = std::get_if<HttpAnswer>(&members)) return std::move(*wrong);
    runs->query = std::get<RunQuery>(std::move(members));
  } else if (auto* log = std::get_if<AskLog>(&ask)) {
    auto offset = read_offset(query);
    if (auto* wrong = std::get_if<HttpAnswer>(&offset)) return std::move(*wrong);
    log->offset = std::get<std::uint64_t>(offset);
  }
  return std::nullopt;
}

}  // namespace

std::variant<Routed, HttpAnswer> route(std::string_view method, std::string_view target) {
  const auto question = target.find('?');
  auto place = place_of(target.substr(0, question));
  if (!place) return problem(404, "there is nothing at this path");
  if (method == "HEAD") method = "GET";
  if (method != place->method) {
    HttpAnswer answer = problem(405, "expected the method " + std::string{place->method});
    answer.headers.emplace_back("Allow", place->method == "GET" ? "GET, HEAD" : "POST");
    return answer;
  }
  if (auto* wrong = std::get_if<HttpAnswer>(&place->ask)) return std::move(*wrong);
  Routed routed{std::get<Ask>(std::move(place->ask)), place->right};
  if (question == std::string_view::npos) return routed;
  if (auto wrong = take_query(target.substr(question + 1), routed.ask)) return *std::move(wrong);
  return routed;
}

bool is_lengthy(std::string_view target) {
  const auto place = place_of(target.substr(0, target.find('?')));
  return place && place->lengthy;
}

}  // namespace rota
