#include "supervisor/http/json_text.h"

#include <boost/json.hpp>

#include "common/protocol/utf8.h"
#include "common/time/rfc3339.h"

namespace rota {
namespace {

namespace json = boost::json;

// An error message may be as long as a line of the pipe protocol, and a page has up to 1000.
constexpr std::size_t kLongestPageBytes = 4 << 20;

json::value instant(const std::optional<Instant>& value) {
  return value ? json::value(format_rfc3339(*value)) : json::value(nullptr);
}

json::value text(const std::string& value) {
  return value.empty() ? json::value(nullptr) : json::value(to_valid_utf8(value));
}

template <typename Value>
json::value optional(const std::optional<Value>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::object to_object(const Run& run) {
  json::object parameters;
  for (const auto& [name, value] : run.parameters) parameters[to_valid_utf8(name)] = to_valid_utf8(value);
  return {{"id", run.id},
          {"job_name", run.job_name},
          {"trigger", to_string(run.trigger)},
          {"scheduled_for", instant(run.scheduled_for)},
          {"attempt", run.attempt},
          {"state", to_string(run.state)},
          {"queued_at", instant(run.queued_at)},
          {"started_at", instant(run.started_at)},
          {"finished_at", instant(run.finished_at)},
          {"success", optional(run.success)},
          {"error_type", text(run.error_type)},
          {"error_message", text(run.error_message)},
          {"lines_added", run.lines_added},
          {"lines_processed", run.lines_processed},
          {"last_entry", text(run.last_entry)},
          {"exit_code", optional(run.exit_code)},
          {"signal", optional(run.signal)},
          {"user_cpu_ms", optional(run.user_cpu_ms)},
          {"system_cpu_ms", optional(run.system_cpu_ms)},
          {"max_rss_kib", optional(run.max_rss_kib)},
          {"log_path", text(run.log_path)},
          {"parameters", std::move(parameters)},
          {"requested_by", text(run.requested_by)}};
}

json::object to_object(const JobSummary& job) {
  json::array active;
  for (const RunId id : job.active_runs) active.emplace_back(id);
  return {{"name", job.name},
          {"schedule", text(job.schedule)},
          {"next_occurrence", instant(job.next_occurrence)},
          {"kind", job.run_in_process ? "process" : "thread"},
          {"timeout_seconds", static_cast<double>(job.timeout.count()) / 1000},
          {"active_runs", std::move(active)}};
}

}  // namespace

std::string runs_text(const std::vector<Run>& runs, int limit) {
  std::string rows;
  json::value next =
      static_cast<int>(runs.size()) == limit ? json::value(runs.back().id) : json::value(nullptr);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::string row = json::serialize(to_object(runs[i]));
    if (i > 0 && rows.size() + row.size() > kLongestPageBytes) {
      next = runs[i - 1].id;
      break;
    }
    if (i > 0) rows += ",";
    rows += row;
  }
  return "{\"runs\":[" + rows + "],\"next_before\":" + json::serialize(next) + "}\n";
}

std::string accepted_text(RunId id, const std::string& job) {
  return json::serialize(json::object{{"run_id", id}, {"job", job}}) + "\n";
}

std::string run_text(const Run& run) { return json::serialize(to_object(run)) + "\n"; }

std::string jobs_text(const std::vector<JobSummary>& jobs) {
  json::array rows;
  for (const JobSummary& job : jobs) rows.push_back(to_object(job));
  return json::serialize(json::object{{"jobs", std::move(rows)}}) + "\n";
}

}  // namespace rota
