#include "supervisor/forecast/render_text.h"

#include <algorithm>

#include "supervisor/forecast/local_time.h"
#include "supervisor/forecast/sections.h"
#include "supervisor/forecast/text_parts.h"
#include "supervisor/forecast/timetable.h"

namespace rota {
namespace {

using namespace forecast_text;
using std::chrono::milliseconds;

struct Totals {
  std::size_t runs = 0;
  std::size_t process_runs = 0;
  std::size_t skipped = 0;
  std::size_t timed_out = 0;
  std::size_t replaced = 0;
  std::size_t waited = 0;
  milliseconds longest_wait{0};
  milliseconds total_wait{0};
};

Totals totals_of(const ForecastInput& input, const std::vector<JobOutlook>& outlooks) {
  Totals totals;
  for (std::size_t index = 0; index < outlooks.size(); ++index) {
    const JobOutlook& outlook = outlooks[index];
    totals.runs += outlook.runs;
    if (input.jobs[index].kind == RunKind::process) totals.process_runs += outlook.runs;
    totals.skipped += outlook.skips.count;
    totals.timed_out += outlook.timed_out;
    totals.replaced += outlook.replaced;
    totals.waited += outlook.waited;
    totals.longest_wait = std::max(totals.longest_wait, outlook.longest_wait);
    totals.total_wait += outlook.total_wait;
  }
  return totals;
}

std::string places(int count, std::string_view noun) {
  return counted(static_cast<std::size_t>(std::max(count, 0)), noun);
}

std::string runs_line(const ForecastInput& input, const Totals& totals) {
  return counted(totals.runs, "run") + " of " + counted(input.jobs.size(), "job") + ": " +
         std::to_string(totals.process_runs) + " CPU-bound on " + places(input.limits.processes, "place") +
         ", " + std::to_string(totals.runs - totals.process_runs) + " I/O-bound on " +
         places(input.limits.threads, "thread");
}

std::string durations_line(const ForecastInput& input) {
  std::vector<std::string> unknown;
  for (const ForecastJob& job : input.jobs)
    if (!job.measured) unknown.push_back(job.name);
  const std::size_t measured = input.jobs.size() - unknown.size();
  const std::string assumed = rounded_duration(input.assumed_duration);
  if (unknown.empty()) return "the median of what was measured of each job";
  if (measured == 0) return "nothing was measured; every run is taken to last " + assumed;
  return "measured of " + counted(measured, "job") + "; taken to be " + assumed + " for " +
         name_list(unknown);
}

// The jobs that have a schedule or dependencies and do not run all the same.
std::string idle_line(const ForecastInput& input, const std::vector<JobOutlook>& outlooks) {
  std::vector<std::string> idle;
  for (std::size_t index = 0; index < outlooks.size(); ++index) {
    const ForecastJob& job = input.jobs[index];
    if (outlooks[index].runs > 0 || (!job.schedule && job.dependencies.after.empty())) continue;
    idle.push_back(job.name);
    if (!job.schedule) idle.back() += " (after " + name_list(job.dependencies.after, 3) + ")";
  }
  return idle.empty() ? "" : "of " + name_list(idle);
}

std::string wait_text(const Totals& totals) {
  if (totals.waited == 0) return "none";
  return counted(totals.waited, "run") + ", longest " + rounded_duration(totals.longest_wait) + ", in all " +
         rounded_duration(totals.total_wait);
}

std::string busiest_line(const ForecastInput& input, const Simulation& simulation) {
  const auto& load = simulation.load;
  const auto busier = [](const LoadSlot& left, const LoadSlot& right) {
    return left.processes.busy + left.threads.busy < right.processes.busy + right.threads.busy;
  };
  const auto most = std::max_element(load.begin(), load.end(), busier);
  if (most == load.end() || (most->processes.busy + most->threads.busy).count() == 0) return {};
  std::string text = "quarter of an hour from " + moment_text(local_seconds(input.zone, most->begin)) +
                     ": up to " + std::to_string(most->processes.most_at_once) + " CPU-bound and " +
                     std::to_string(most->threads.most_at_once) + " I/O-bound at once";
  const int waiting = most->processes.most_waiting + most->threads.most_waiting;
  if (waiting > 0) text += ", " + std::to_string(waiting) + " waiting";
  return text;
}

std::string summary(const ForecastInput& input, const Forecast& forecast, const Signs& signs) {
  const Totals usual = totals_of(input, forecast.jobs);
  const Totals busy = totals_of(input, forecast.busy_jobs);
  const auto moment = [&](Instant instant) {
    const std::int64_t local = local_seconds(input.zone, instant);
    return date_text_with_year(local) + " " + clock_text(local);
  };
  TextRows rows{{"Runs", runs_line(input, usual)}, {"Durations", durations_line(input)}};
  if (const std::string line = idle_line(input, forecast.jobs); !line.empty())
    rows.push_back({"No run", line});
  if (usual.skipped > 0)
    rows.push_back({"Skipped", counted(usual.skipped, "occurrence") + ", by the overlap rule"});
  if (usual.timed_out > 0) rows.push_back({"Timeouts", counted(usual.timed_out, "run") + " stopped"});
  if (usual.replaced > 0)
    rows.push_back({"Replaced", counted(usual.replaced, "run") + " given up for a later one"});
  rows.push_back({"Waiting", wait_text(usual)});
  if (busy.waited != usual.waited || busy.total_wait != usual.total_wait)
    rows.push_back({"if slow", wait_text(busy) + "; each run as long as the slowest tenth"});
  if (const std::string line = busiest_line(input, forecast.usual); !line.empty())
    rows.push_back({"Busiest", line});
  if (forecast.usual.cut_at)
    rows.push_back({"Cut", "at " + moment(*forecast.usual.cut_at) + ", after " +
                               std::to_string(input.most_runs) + " occurrences; ask for fewer days"});
  return "Forecast " + moment(input.from) + " " + std::string{signs.to} + " " + moment(input.to) + ", " +
         input.zone + "\n" + columns(rows);
}

}  // namespace

std::string forecast_as_text(const ForecastInput& input, const Forecast& forecast, bool ascii) {
  const Signs& with = signs(ascii);
  std::string text = summary(input, forecast, with);
  if (const std::string table = timetable(input, forecast, with); !table.empty()) text += "\n" + table;
  const bool has_processes = std::any_of(input.jobs.begin(), input.jobs.end(),
                                         [](const ForecastJob& job) { return job.kind == RunKind::process; });
  if (has_processes)
    text += "\nPlaces for CPU-bound runs taken, by hour\n" + load_by_hour(input, forecast, with);
  text += skipped(input, forecast) + timeouts(input, forecast) + waiting(input, forecast) +
          collisions(input, forecast) + daylight_saving(input, forecast, with) +
          suggestions(input, forecast, with);
  return text;
}

}  // namespace rota
