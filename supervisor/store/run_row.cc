#include "supervisor/store/run_row.h"

#include <boost/json.hpp>

namespace rota {
namespace {

Parameters parameters_of(const std::string& text) {
  Parameters parameters;
  if (text.empty()) return parameters;
  boost::json::error_code error;
  const auto value = boost::json::parse(text, error);
  if (error || !value.is_object()) return parameters;
  for (const auto& [name, entry] : value.get_object())
    if (entry.is_string()) parameters.emplace(std::string{name}, std::string{entry.get_string()});
  return parameters;
}

std::optional<int> optional_int(const Statement& row, int column) {
  const auto value = row.optional_integer(column);
  return value ? std::optional{static_cast<int>(*value)} : std::nullopt;
}

}  // namespace

Run read_run(const Statement& row) {
  Run run;
  int column = 0;
  run.id = row.integer(column++);
  run.job_name = row.text(column++);
  run.trigger = parse_trigger(row.text(column++)).value_or(Trigger::manual);
  run.scheduled_for = row.optional_instant(column++);
  run.attempt = static_cast<int>(row.integer(column++));
  run.state = parse_run_state(row.text(column++)).value_or(RunState::failed);
  run.queued_at = row.instant(column++);
  run.started_at = row.optional_instant(column++);
  run.finished_at = row.optional_instant(column++);
  if (const auto success = row.optional_integer(column++)) run.success = *success != 0;
  run.error_type = row.text(column++);
  run.error_message = row.text(column++);
  run.lines_added = row.integer(column++);
  run.lines_processed = row.integer(column++);
  run.last_entry = row.text(column++);
  run.exit_code = optional_int(row, column++);
  run.signal = optional_int(row, column++);
  run.user_cpu_ms = row.optional_integer(column++);
  run.system_cpu_ms = row.optional_integer(column++);
  run.max_rss_kib = row.optional_integer(column++);
  run.log_path = row.text(column++);
  run.parameters = parameters_of(row.text(column++));
  run.requested_by = row.text(column++);
  run.retry_of = row.optional_integer(column++);
  run.not_before = row.optional_instant(column++);
  run.late_since = row.optional_instant(column++);
  run.overdue_since = row.optional_instant(column++);
  return run;
}

std::string parameters_text(const Parameters& parameters) {
  if (parameters.empty()) return {};
  boost::json::object object;
  for (const auto& [name, value] : parameters) object.emplace(name, value);
  return boost::json::serialize(object);
}

}  // namespace rota
