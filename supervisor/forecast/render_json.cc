#include "supervisor/forecast/render_json.h"

#include <boost/json.hpp>
#include <string_view>

#include "common/time/rfc3339.h"

namespace rota {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

double seconds(milliseconds duration) { return static_cast<double>(duration.count()) / 1000; }

std::string_view word(RunKind kind) { return kind == RunKind::process ? "process" : "thread"; }

std::string_view word(PredictedRun::End end) {
  switch (end) {
    case PredictedRun::End::finished:
      break;
    case PredictedRun::End::timed_out:
      return "timed_out";
    case PredictedRun::End::replaced:
      return "replaced";
  }
  return "finished";
}

std::string_view word(WaitCause cause) {
  switch (cause) {
    case WaitCause::places:
      break;
    case WaitCause::group:
      return "group";
    case WaitCause::own_run:
      return "own_run";
  }
  return "places";
}

std::string_view word(ClockChange::Effect effect) {
  switch (effect) {
    case ClockChange::Effect::moved:
      break;
    case ClockChange::Effect::left_out:
      return "left_out";
    case ClockChange::Effect::once:
      return "once";
    case ClockChange::Effect::both:
      return "both";
  }
  return "moved";
}

json::object outlook_object(const JobOutlook& outlook) {
  json::object object{{"runs", outlook.runs},
                      {"timed_out", outlook.timed_out},
                      {"replaced", outlook.replaced},
                      {"skipped", outlook.skips.count},
                      {"waited", outlook.waited},
                      {"longest_wait_seconds", seconds(outlook.longest_wait)},
                      {"total_wait_seconds", seconds(outlook.total_wait)}};
  if (outlook.skips.count > 0) {
    object["first_skipped"] = format_rfc3339(outlook.skips.first_at);
    object["skip_reason"] = outlook.skips.reason;
  }
  if (outlook.waited > 0) object["longest_wait_due_at"] = format_rfc3339(outlook.longest_wait_due_at);
  return object;
}

json::array jobs_array(const ForecastInput& input, const Forecast& forecast) {
  json::array jobs;
  for (std::size_t index = 0; index < input.jobs.size(); ++index) {
    const ForecastJob& job = input.jobs[index];
    json::object object{{"name", job.name},
                        {"schedule", nullptr},
                        {"kind", word(job.kind)},
                        {"group", nullptr},
                        {"spread_offset_seconds", job.spread_offset.count()},
                        {"timeout_seconds", seconds(job.timeout)},
                        {"measured_runs", job.measured ? job.measured->runs : 0}};
    if (job.schedule) object["schedule"] = to_string(*job.schedule);
    if (!job.group.empty()) object["group"] = job.group;
    object["duration_seconds"] = seconds(duration_of(job, Durations::usual, input.assumed_duration));
    object["busy_duration_seconds"] = seconds(duration_of(job, Durations::busy, input.assumed_duration));
    object["usual"] = outlook_object(forecast.jobs[index]);
    object["busy"] = outlook_object(forecast.busy_jobs[index]);
    jobs.push_back(std::move(object));
  }
  return jobs;
}

json::array load_array(const Simulation& simulation) {
  json::array slots;
  for (const LoadSlot& slot : simulation.load) {
    json::object object{{"begin", format_rfc3339(slot.begin)}};
    for (const RunKind kind : {RunKind::process, RunKind::thread})
      object[word(kind)] = json::object{{"busy_seconds", seconds(slot.of(kind).busy)},
                                        {"most_at_once", slot.of(kind).most_at_once},
                                        {"most_waiting", slot.of(kind).most_waiting}};
    slots.push_back(std::move(object));
  }
  return slots;
}

json::array collisions_array(const ForecastInput& input, const Forecast& forecast) {
  json::array collisions;
  for (const Collision& collision : forecast.collisions) {
    json::array names;
    for (const std::uint32_t index : collision.jobs) names.emplace_back(input.jobs[index].name);
    json::object object{{"jobs", std::move(names)},
                        {"group", nullptr},
                        {"times", collision.times},
                        {"most_waiting", collision.most_waiting},
                        {"longest_wait_seconds", seconds(collision.longest_wait)},
                        {"total_wait_seconds", seconds(collision.total_wait)},
                        {"first_at", format_rfc3339(collision.first_at)},
                        {"worst_at", format_rfc3339(collision.worst_at)}};
    if (!collision.group.empty()) object["group"] = collision.group;
    collisions.push_back(std::move(object));
  }
  return collisions;
}

// A local time without an offset.
std::string local_text(std::int64_t local) {
  return format_rfc3339(Instant{std::chrono::seconds{local}}).substr(0, 19);
}

json::array clock_changes_array(const ForecastInput& input, const Forecast& forecast) {
  json::array changes;
  for (const ClockChange& change : forecast.clock_changes) {
    json::object object{{"job", input.jobs[change.job].name},
                        {"effect", word(change.effect)},
                        {"zone", change.zone},
                        {"change_at", format_rfc3339(change.change_at)},
                        {"offset_before_seconds", change.offset_before.count()},
                        {"offset_after_seconds", change.offset_after.count()},
                        {"first_local", local_text(change.first_local)},
                        {"last_local", local_text(change.last_local)},
                        {"times", change.times},
                        {"first_runs_at", nullptr}};
    if (change.effect != ClockChange::Effect::left_out)
      object["first_runs_at"] = format_rfc3339(change.first_runs_at);
    changes.push_back(std::move(object));
  }
  return changes;
}

json::object spacing_object(const ForecastInput& input, const Spacing& spacing) {
  json::array suggestions;
  for (const Suggestion& suggestion : spacing.suggestions) {
    json::array names;
    for (const std::uint32_t index : suggestion.jobs) names.emplace_back(input.jobs[index].name);
    json::object object{{"jobs", std::move(names)},
                        {"schedule", nullptr},
                        {"spread_seconds", nullptr},
                        {"waiting_before_seconds", seconds(suggestion.waiting_before)},
                        {"waiting_after_seconds", seconds(suggestion.waiting_after)}};
    if (suggestion.schedule) object["schedule"] = to_string(*suggestion.schedule);
    if (suggestion.spread) object["spread_seconds"] = suggestion.spread->count();
    suggestions.push_back(std::move(object));
  }
  return {{"waiting_before_seconds", seconds(spacing.waiting_before)},
          {"waiting_after_seconds", seconds(spacing.waiting_after)},
          {"complete", !spacing.gave_up},
          {"suggestions", std::move(suggestions)}};
}

std::string run_text(const ForecastInput& input, const PredictedRun& run) {
  json::object object{{"job", input.jobs[run.job].name},
                      {"trigger", to_string(run.trigger)},
                      {"scheduled_for", format_rfc3339(run.scheduled_for)},
                      {"due_at", format_rfc3339(run.due_at)},
                      {"started_at", nullptr},
                      {"ended_at", format_rfc3339(run.ended_at)},
                      {"end", word(run.end)},
                      {"waited_seconds", seconds(run.waited())},
                      {"waits_for", nullptr}};
  if (run.ran()) object["started_at"] = format_rfc3339(run.started_at);
  if (run.waited().count() > 0) object["waits_for"] = word(run.waits_for);
  return json::serialize(object);
}

}  // namespace

std::string forecast_as_json(const ForecastInput& input, const Forecast& forecast) {
  json::object groups;
  for (const auto& [name, limit] : input.limits.groups) groups[name] = limit;
  json::object object{
      {"from", format_rfc3339(input.from)},
      {"to", format_rfc3339(input.to)},
      {"cut_at", nullptr},
      {"zone", input.zone},
      {"assumed_duration_seconds", seconds(input.assumed_duration)},
      {"limits", {{"process", input.limits.processes}, {"thread", input.limits.threads}, {"groups", groups}}},
      {"jobs", jobs_array(input, forecast)},
      {"load", load_array(forecast.usual)},
      {"collisions", collisions_array(input, forecast)},
      {"longest_queue", nullptr},
      {"clock_changes", clock_changes_array(input, forecast)},
      {"spacing", spacing_object(input, forecast.spacing)}};
  if (forecast.usual.cut_at) object["cut_at"] = format_rfc3339(*forecast.usual.cut_at);
  if (forecast.queue.waiting > 0)
    object["longest_queue"] = {{"waiting", forecast.queue.waiting},
                               {"from", format_rfc3339(forecast.queue.slot)}};
  // The runs may be a million: their text alone is held, not their objects.
  std::string text = json::serialize(object);
  text.back() = ',';
  text += "\"runs\":[";
  for (std::size_t i = 0; i < forecast.usual.runs.size(); ++i)
    text += (i == 0 ? "" : ",") + run_text(input, forecast.usual.runs[i]);
  return text += "]}\n";
}

}  // namespace rota
