#include "supervisor/cli/run_table.h"

#include <boost/json.hpp>

#include "common/time/rfc3339.h"
#include "supervisor/cli/json_fields.h"
#include "supervisor/cli/time_text.h"

namespace rota {
namespace {

using Object = boost::json::object;

std::string trigger_text(const Object& run) {
  const auto attempt = number_member(run, "attempt").value_or(1);
  const std::string trigger = text_member(run, "trigger");
  return attempt > 1 ? trigger + " " + std::to_string(attempt) : trigger;
}

// When it began, or else when it was to begin.
std::string moment_of(const Object& run) {
  for (const char* name : {"started_at", "not_before", "scheduled_for"})
    if (std::string moment = text_member(run, name); !moment.empty()) return moment;
  return text_member(run, "queued_at");
}

std::string progress_words(const Object& progress) {
  const std::string total = text_member(progress, "total");
  return text_member(progress, "done") + (total.empty() ? "" : " of " + total) + " " +
         text_member(progress, "message");
}

std::string detail_text(const Object& run) {
  std::string detail = text_member(run, "error_message");
  const Object* progress = object_member(run, "progress");
  if (detail.empty() && progress) detail = progress_words(*progress);
  const auto added = number_member(run, "lines_added").value_or(0);
  const auto processed = number_member(run, "lines_processed").value_or(0);
  if (detail.empty() && (added != 0 || processed != 0))
    detail = std::to_string(added) + " added, " + std::to_string(processed) + " processed";
  if (!text_member(run, "late_since").empty()) detail = detail.empty() ? "late" : "late; " + detail;
  return detail;
}

}  // namespace

Row run_titles() { return {{"ID"}, {"JOB"}, {"STATE"}, {"TRIGGER"}, {"WHEN"}, {"TOOK"}, {"DETAIL"}}; }

GiveWay run_columns_that_give_way() { return {.texts = {1, 6}, .leave_out = {3, 5, 4}}; }

Row run_row(const Object& run, const std::string& zone, Instant now) {
  const std::string state = text_member(run, "state");
  const std::string end = state == "running" ? format_rfc3339(now) : text_member(run, "finished_at");
  return {{text_member(run, "id")},
          {text_member(run, "job_name")},
          {state, colour_of_state(state)},
          {trigger_text(run)},
          {time_text(moment_of(run), zone)},
          {duration_text(text_member(run, "started_at"), end)},
          {detail_text(run)}};
}

}  // namespace rota
