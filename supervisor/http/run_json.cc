#include "supervisor/http/run_json.h"

#include "common/protocol/utf8.h"
#include "supervisor/http/json_values.h"

namespace rota {
namespace {

namespace json = boost::json;

// An error message may be as long as a line of the pipe protocol, and a page has up to 1000.
constexpr std::size_t kLongestPageBytes = 4 << 20;

json::value progress_value(const std::optional<RunProgress>& progress) {
  if (!progress) return nullptr;
  return json::object{{"done", progress->done},
                      {"total", json_optional(progress->total)},
                      {"message", json_text(progress->message)}};
}

json::object parameters_object(const Parameters& parameters) {
  json::object object;
  for (const auto& [name, value] : parameters) object[to_valid_utf8(name)] = to_valid_utf8(value);
  return object;
}

json::object run_object(const Run& run, const ProgressOf& progress_of) {
  return {{"id", run.id},
          {"job_name", to_valid_utf8(run.job_name)},
          {"trigger", to_string(run.trigger)},
          {"scheduled_for", json_instant(run.scheduled_for)},
          {"attempt", run.attempt},
          {"retry_of", json_optional(run.retry_of)},
          {"not_before", json_instant(run.not_before)},
          {"late_since", json_instant(run.late_since)},
          {"state", to_string(run.state)},
          {"queued_at", json_instant(run.queued_at)},
          {"started_at", json_instant(run.started_at)},
          {"finished_at", json_instant(run.finished_at)},
          {"progress", is_final(run.state) ? json::value(nullptr) : progress_value(progress_of(run.id))},
          {"success", json_optional(run.success)},
          {"error_type", json_text(run.error_type)},
          {"error_message", json_text(run.error_message)},
          {"lines_added", run.lines_added},
          {"lines_processed", run.lines_processed},
          {"last_entry", json_text(run.last_entry)},
          {"exit_code", json_optional(run.exit_code)},
          {"signal", json_optional(run.signal)},
          {"user_cpu_ms", json_optional(run.user_cpu_ms)},
          {"system_cpu_ms", json_optional(run.system_cpu_ms)},
          {"max_rss_kib", json_optional(run.max_rss_kib)},
          {"log_path", json_text(run.log_path)},
          {"parameters", parameters_object(run.parameters)},
          {"requested_by", json_text(run.requested_by)}};
}

}  // namespace

std::string runs_text(const std::vector<Run>& runs, int limit, const ProgressOf& progress_of) {
  std::string rows;
  json::value next =
      static_cast<int>(runs.size()) == limit ? json::value(runs.back().id) : json::value(nullptr);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::string row = json::serialize(run_object(runs[i], progress_of));
    if (i > 0 && rows.size() + row.size() > kLongestPageBytes) {
      next = runs[i - 1].id;
      break;
    }
    if (i > 0) rows += ",";
    rows += row;
  }
  return "{\"runs\":[" + rows + "],\"next_before\":" + json::serialize(next) + "}\n";
}

std::string run_text(const Run& run, const ProgressOf& progress_of) {
  return serialized(run_object(run, progress_of));
}

std::string accepted_text(RunId id, const std::string& job) {
  return serialized(json::object{{"run_id", id}, {"job", to_valid_utf8(job)}});
}

std::string cancelled_text(RunId id) { return serialized(json::object{{"run_id", id}}); }

}  // namespace rota
