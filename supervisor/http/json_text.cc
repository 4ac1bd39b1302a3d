#include "supervisor/http/json_text.h"

#include <boost/json.hpp>

#include "common/time/rfc3339.h"
#include "supervisor/http/answer.h"

namespace rota {
namespace {

namespace json = boost::json;

json::value instant(const std::optional<Instant>& value) {
  return value ? json::value(format_rfc3339(*value)) : json::value(nullptr);
}

json::value text(const std::string& value) {
  return value.empty() ? json::value(nullptr) : json::value(value);
}

template <typename Value>
json::value optional(const std::optional<Value>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::object to_object(const Run& run) {
  json::object parameters;
  for (const auto& [name, value] : run.parameters) parameters.emplace(name, value);
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

bool is_json(const std::string& content_type) {
  const std::string type = content_type.substr(0, content_type.find(';'));
  return type == "application/json" || type == "application/json ";
}

std::optional<std::string> parameter_text(const json::value& value) {
  if (value.is_string()) return std::string{value.get_string()};
  if (value.is_number() || value.is_bool()) return json::serialize(value);
  return std::nullopt;
}

}  // namespace

std::string runs_text(const std::vector<Run>& runs, int limit) {
  json::array rows;
  for (const Run& run : runs) rows.push_back(to_object(run));
  json::value next = nullptr;
  if (static_cast<int>(runs.size()) == limit) next = runs.back().id;
  return json::serialize(json::object{{"runs", std::move(rows)}, {"next_before", std::move(next)}}) + "\n";
}

std::string run_text(const Run& run) { return json::serialize(to_object(run)) + "\n"; }

std::string jobs_text(const std::vector<JobSummary>& jobs) {
  json::array rows;
  for (const JobSummary& job : jobs) rows.push_back(to_object(job));
  return json::serialize(json::object{{"jobs", std::move(rows)}}) + "\n";
}

std::variant<Parameters, HttpAnswer> read_parameters(const HttpRequest& request) {
  if (request.body.empty()) return Parameters{};
  if (!is_json(request.content_type)) return problem(415, "Content-Type: expected application/json");
  json::parse_options options;
  options.max_depth = 4;
  json::stream_parser parser{{}, options};
  json::error_code error;
  const std::size_t read = parser.write_some(request.body, error);
  if (!error && read == request.body.size()) parser.finish(error);
  if (error || read != request.body.size())
    return problem(400, "body, byte " + std::to_string(read + 1) +
                            ": expected a JSON object such as {\"parameters\": {\"name\": \"value\"}}");
  const json::value body = parser.release();
  if (!body.is_object()) return problem(400, "body: expected a JSON object");
  Parameters parameters;
  for (const auto& [key, value] : body.get_object()) {
    if (key != "parameters" || !value.is_object())
      return problem(
          400, "body, member " + std::string{key} + ": expected one member \"parameters\" that is an object");
    for (const auto& [name, entry] : value.get_object()) {
      const auto text = parameter_text(entry);
      if (!text)
        return problem(400,
                       "body, parameter " + std::string{name} + ": expected a text, a number, true or false");
      parameters[std::string{name}] = *text;
    }
  }
  return parameters;
}

}  // namespace rota
