#include "supervisor/http/api.h"

#include <utility>

#include "supervisor/http/answer.h"
#include "supervisor/http/json_text.h"
#include "supervisor/http/parameters.h"
#include "supervisor/http/routes.h"

namespace rota {
namespace {

using Done = std::function<void(HttpAnswer)>;

HttpAnswer ok(std::string body) {
  HttpAnswer answer;
  answer.body = std::move(body);
  return answer;
}

HttpAnswer health(const std::string& trouble) {
  if (!trouble.empty()) return problem(503, trouble);
  return ok("{\"status\":\"ok\"}\n");
}

HttpAnswer triggered(const std::string& job, const TriggerResult& result) {
  if (std::holds_alternative<TriggerUnknownJob>(result)) return problem(404, "there is no job " + job);
  if (const auto* refused = std::get_if<TriggerRefused>(&result)) return problem(409, refused->reason);
  const RunId id = std::get<TriggerAccepted>(result).run_id;
  HttpAnswer answer = ok(accepted_text(id, job));
  answer.status = 202;
  answer.headers.emplace_back("Location", "/scheduler/runs/" + std::to_string(id));
  return answer;
}

HttpAnswer no_run(RunId id) { return problem(404, "there is no run " + std::to_string(id)); }

HttpAnswer log_of(const Run& run, const SchedulerApi& scheduler) {
  HttpAnswer answer;
  answer.file = scheduler.log_file(run);
  std::error_code ignored;
  if (answer.file.empty() || !std::filesystem::is_regular_file(answer.file, ignored))
    return problem(404, "run " + std::to_string(run.id) + " has no log");
  answer.content_type = "text/plain; charset=utf-8";
  return answer;
}

struct Asked {
  const HttpRequest& request;
  const std::string& subject;
  SchedulerApi& scheduler;
  Done done;

  void operator()(const AskHealth&) const { done(health(scheduler.trouble())); }
  void operator()(const AskJobs&) const { done(ok(jobs_text(scheduler.jobs()))); }
  void operator()(const AskRuns& ask) const {
    scheduler.runs(ask.query, [done = done, limit = ask.query.limit](const std::vector<Run>& runs) {
      done(ok(runs_text(runs, limit)));
    });
  }
  void operator()(const AskRun& ask) const {
    scheduler.run(ask.id, [done = done, id = ask.id](const std::optional<Run>& run) {
      done(run ? ok(run_text(*run)) : no_run(id));
    });
  }
  void operator()(const AskLog& ask) const {
    scheduler.run(ask.id, [done = done, id = ask.id, &scheduler = scheduler](const std::optional<Run>& run) {
      done(run ? log_of(*run, scheduler) : no_run(id));
    });
  }
  void operator()(const TriggerJob& ask) const {
    auto parameters = read_parameters(request);
    if (auto* refused = std::get_if<HttpAnswer>(&parameters)) return done(std::move(*refused));
    scheduler.trigger(
        ask.name, std::get<Parameters>(std::move(parameters)), subject,
        [done = done, name = ask.name](const TriggerResult& result) { done(triggered(name, result)); });
  }
};

Right right_for(const Ask& ask) {
  if (std::holds_alternative<AskHealth>(ask)) return Right::none;
  return std::holds_alternative<TriggerJob>(ask) ? Right::run : Right::read;
}

}  // namespace

void answer_request(const HttpRequest& request, const Access& access, SchedulerApi& scheduler,
                    std::chrono::system_clock::time_point now, Done done) {
  auto routed = route(request.method, request.target);
  if (auto* refused = std::get_if<HttpAnswer>(&routed)) return done(std::move(*refused));
  const Ask& ask = std::get<Ask>(routed);
  auto allowed = access.check(request, right_for(ask), now);
  if (auto* refused = std::get_if<HttpAnswer>(&allowed)) return done(std::move(*refused));
  std::visit(Asked{request, std::get<std::string>(allowed), scheduler, std::move(done)}, ask);
}

}  // namespace rota
