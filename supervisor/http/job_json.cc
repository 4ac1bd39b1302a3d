#include "supervisor/http/job_json.h"

#include "common/protocol/utf8.h"
#include "supervisor/http/json_values.h"
#include "supervisor/job/policy_words.h"

namespace rota {
namespace {

namespace json = boost::json;

json::object retry_object(const RetryPolicy& retry) {
  json::array on;
  if (retry.on_failed) on.emplace_back("failed");
  if (retry.on_timed_out) on.emplace_back("timed_out");
  if (retry.on_crashed) on.emplace_back("crashed");
  if (retry.on_lost) on.emplace_back("lost");
  return {{"limit", retry.limit},   {"delay_seconds", json_seconds(retry.delay)},
          {"factor", retry.factor}, {"longest_delay_seconds", json_seconds(retry.longest_delay)},
          {"jitter", retry.jitter}, {"on", std::move(on)}};
}

void add_policies(const Policies& policies, json::object& job) {
  job["overlap"] =
      json::object{{"rule", rule_word(policies.overlap.rule)}, {"limit", policies.overlap.limit}};
  job["catch_up"] = json::object{{"rule", rule_word(policies.catch_up.rule)},
                                 {"limit", policies.catch_up.limit},
                                 {"window_seconds", json_seconds(policies.catch_up.window)}};
  job["misfire_grace_seconds"] = json_seconds(policies.misfire_grace);
  job["retry"] = retry_object(policies.retry);
  job["after"] = json_texts(policies.dependencies.after);
  job["on"] = on_word(policies.dependencies.on);
  job["group"] = json_text(policies.group);
  job["priority"] = policies.priority;
  job["spread_seconds"] = json_seconds(policies.spread);
  job["finish_within_seconds"] = json_seconds(policies.finish_within);
  job["success_within_seconds"] = json_seconds(policies.success_within);
}

std::string kind_of(const JobSummary& job) {
  if (job.is_command) return "command";
  return job.run_in_process ? "process" : "thread";
}

json::object job_object(const JobSummary& job) {
  json::array active;
  for (const RunId id : job.active_runs) active.emplace_back(id);
  json::object object{
      {"name", to_valid_utf8(job.name)},
      {"schedule", json_text(job.schedule)},
      {"next_occurrence", json_instant(job.next_occurrence)},
      {"kind", kind_of(job)},
      {"timeout_seconds", json_seconds(job.timeout)},
      {"active_runs", std::move(active)},
      {"last_success_at", json_instant(job.last_success_at)},
      {"pause", job.pause ? json::value(json_pause(*job.pause)) : json::value(nullptr)},
      {"tags", json_texts(job.tags)},
      {"source", json_text(job.source)},
      {"command", job.is_command ? json::value(json_texts(job.command)) : json::value(nullptr)}};
  add_policies(job.policies, object);
  return object;
}

}  // namespace

std::string job_text(const JobSummary& job) { return serialized(job_object(job)); }

std::string jobs_text(const std::vector<JobSummary>& jobs) {
  json::array rows;
  for (const JobSummary& job : jobs) rows.push_back(job_object(job));
  return serialized(json::object{{"jobs", std::move(rows)}});
}

}  // namespace rota
