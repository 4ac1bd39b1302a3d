#include "supervisor/http/api.h"

#include <spdlog/spdlog.h>

#include <exception>
#include <utility>

#include "supervisor/http/answer.h"
#include "supervisor/http/bodies.h"
#include "supervisor/http/file_answer.h"
#include "supervisor/http/job_json.h"
#include "supervisor/http/routes.h"
#include "supervisor/http/run_json.h"
#include "supervisor/http/status_json.h"

namespace rota {
namespace {

using Done = std::function<void(HttpAnswer)>;

HttpAnswer ok(std::string body, unsigned status = 200) {
  HttpAnswer answer;
  answer.status = status;
  answer.body = std::move(body);
  return answer;
}

HttpAnswer health(const std::string& trouble) {
  if (!trouble.empty()) return problem(503, trouble);
  return ok("{\"status\":\"ok\"}\n");
}

// That nothing was found is no answer while the record cannot be read.
HttpAnswer unless_unreadable(const SchedulerApi& scheduler, bool found, HttpAnswer answer) {
  const std::string trouble = found ? std::string{} : scheduler.trouble();
  return trouble.empty() ? std::move(answer) : problem(503, trouble);
}

// For an answer that is made when the scheduler has answered: what then cannot be made, for want of
// memory, is that request's failure. Until then the session sees to it.
template <typename Make>
void answer_with(const Done& done, Make make) {
  HttpAnswer answer;
  try {
    answer = make();
  } catch (const std::exception& error) {
    spdlog::error("http: an answer could not be made: {}", error.what());
    answer = problem(500, "the supervisor could not answer; its log says why");
  }
  done(std::move(answer));
}

HttpAnswer no_job(const std::string& name) { return problem(404, "there is no job " + name); }
HttpAnswer no_run(RunId id) { return problem(404, "there is no run " + std::to_string(id)); }

HttpAnswer triggered(const std::string& job, const TriggerResult& result) {
  if (std::holds_alternative<TriggerUnknownJob>(result)) return no_job(job);
  if (const auto* refused = std::get_if<TriggerRefused>(&result)) return problem(409, refused->reason);
  const RunId id = std::get<TriggerAccepted>(result).run_id;
  HttpAnswer answer = ok(accepted_text(id, job), 202);
  answer.headers.emplace_back("Location", "/scheduler/runs/" + std::to_string(id));
  return answer;
}

HttpAnswer cancelled(RunId id, CancelResult result) {
  if (result == CancelResult::unknown_run) return no_run(id);
  if (result == CancelResult::not_active)
    return problem(409, "run " + std::to_string(id) + " has ended already");
  return ok(cancelled_text(id), 202);
}

HttpAnswer reloaded(const ReloadResult& result) {
  return result.error.empty() ? ok(reload_text(result)) : problem(422, result.error);
}

// Each question with its answer. `request`, `caller` and this live until the call returns only.
struct Asked {
  const HttpRequest& request;
  const Caller& caller;
  SchedulerApi& scheduler;
  std::chrono::system_clock::time_point now;
  Done done;

  ProgressOf progress_of() const {
    return [&scheduler = scheduler](RunId id) { return scheduler.progress(id); };
  }

  void operator()(const AskHealth&) const { done(health(scheduler.trouble())); }
  void operator()(const AskStatus&) const { done(ok(status_text(scheduler.status()))); }
  void operator()(const AskJobs&) const { done(ok(jobs_text(scheduler.jobs()))); }
  void operator()(const AskJob& ask) const {
    const auto job = scheduler.job(ask.name);
    done(job ? ok(job_text(*job)) : no_job(ask.name));
  }
  void operator()(const AskRuns& ask) const {
    scheduler.runs(ask.query, [done = done, limit = ask.query.limit, progress = progress_of(),
                               &scheduler = scheduler](const std::vector<Run>& runs) {
      answer_with(done, [&] {
        return unless_unreadable(scheduler, !runs.empty(), ok(runs_text(runs, limit, progress)));
      });
    });
  }
  void operator()(const AskRun& ask) const {
    scheduler.run(ask.id, [done = done, id = ask.id, progress = progress_of(),
                           &scheduler = scheduler](const std::optional<Run>& run) {
      answer_with(done, [&] {
        return unless_unreadable(scheduler, run.has_value(), run ? ok(run_text(*run, progress)) : no_run(id));
      });
    });
  }
  void operator()(const AskLog& ask) const {
    scheduler.run(ask.id, [done = done, ask, &scheduler = scheduler](const std::optional<Run>& run) {
      answer_with(done, [&] {
        return unless_unreadable(
            scheduler, run.has_value(),
            run ? log_answer(*run, scheduler.log_file(*run), ask.offset) : no_run(ask.id));
      });
    });
  }
  void operator()(const AskBackup&) const {
    scheduler.back_up(
        [done = done, now = now](const BackUpResult& result) { done(backup_answer(result, now)); });
  }
  void operator()(const TriggerJob& ask) const {
    auto parameters = read_parameters(request);
    if (auto* refused = std::get_if<HttpAnswer>(&parameters)) return done(std::move(*refused));
    scheduler.trigger(
        ask.name, std::get<Parameters>(std::move(parameters)), caller.subject,
        [done = done, name = ask.name](const TriggerResult& result) { done(triggered(name, result)); });
  }
  void operator()(const CancelRun& ask) const {
    if (auto refused = refuse_body(request)) return done(*std::move(refused));
    scheduler.cancel(
        ask.id, caller.subject, [done = done, id = ask.id, &scheduler = scheduler](CancelResult result) {
          done(unless_unreadable(scheduler, result != CancelResult::unknown_run, cancelled(id, result)));
        });
  }
  void operator()(const PauseJobs&) const {
    const auto read = read_scope(request);
    if (const auto* refused = std::get_if<HttpAnswer>(&read)) return done(*refused);
    const auto& [scope, name] = std::get<NamedScope>(read);
    scheduler.pause({scope, name, caller.subject, std::chrono::floor<std::chrono::milliseconds>(now)},
                    told(scope, name));
  }
  void operator()(const ResumeJobs&) const {
    const auto read = read_scope(request);
    if (const auto* refused = std::get_if<HttpAnswer>(&read)) return done(*refused);
    const auto& [scope, name] = std::get<NamedScope>(read);
    scheduler.resume(scope, name, told(scope, name));
  }
  void operator()(const Reload&) const {
    if (auto refused = refuse_body(request)) return done(*std::move(refused));
    scheduler.reload([done = done](const ReloadResult& result) { done(reloaded(result)); });
  }
  void operator()(const Prune&) const {
    if (auto refused = refuse_body(request)) return done(*std::move(refused));
    scheduler.prune([done = done](const PruneResult& result) { done(ok(prune_text(result))); });
  }

  std::function<void(std::string)> told(Pause::Scope scope, const std::string& name) const {
    return [done = done, text = scope_text(scope, name)](const std::string& refusal) {
      done(refusal.empty() ? ok(text) : problem(404, refusal));
    };
  }
};

}  // namespace

void answer_request(const HttpRequest& request, const Access& access, SchedulerApi& scheduler,
                    std::chrono::system_clock::time_point now, Done done) {
  auto routed = route(request.method, request.target);
  const auto* found = std::get_if<Routed>(&routed);
  // Whoever may not use this interface at all does not learn what is in it.
  auto allowed = check_access(access, request, found ? found->right : Right::none, now);
  if (auto* refused = std::get_if<HttpAnswer>(&allowed)) return done(std::move(*refused));
  if (auto* refused = std::get_if<HttpAnswer>(&routed)) return done(std::move(*refused));
  std::visit(Asked{request, std::get<Caller>(allowed), scheduler, now, std::move(done)}, found->ask);
}

}  // namespace rota
