#include "supervisor/forecast/timetable.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <vector>

#include "common/schedule/local_pattern.h"
#include "supervisor/forecast/local_time.h"

namespace rota::forecast_text {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMostRunsADay = 4;  // of a job whose runs are listed one by one
constexpr std::size_t kMostLinesADay = 60;

struct Frequency {
  std::size_t runs = 0;
  Instant first{};
  Instant last{};
};

std::vector<Frequency> frequencies(const ForecastInput& input, const Simulation& simulation) {
  std::vector<Frequency> found(input.jobs.size());
  for (const PredictedRun& run : simulation.runs) {
    Frequency& frequency = found[run.job];
    if (frequency.runs++ == 0) frequency.first = run.due_at;
    frequency.last = run.due_at;
  }
  return found;
}

bool is_frequent(const ForecastInput& input, const Frequency& frequency) {
  const auto days =
      std::max<std::int64_t>(std::chrono::ceil<std::chrono::days>(input.to - input.from).count(), 1);
  return frequency.runs > kMostRunsADay * static_cast<std::size_t>(days);
}

std::string when_text(const ForecastInput& input, const ForecastJob& job) {
  if (job.schedule) return schedule_text(*job.schedule, input.default_zone);
  return "after " + name_list(job.dependencies.after, 3);
}

std::string frequent_text(const ForecastInput& input, const std::vector<Frequency>& found,
                          const Signs& signs) {
  TextRows rows;
  for (std::size_t index = 0; index < found.size(); ++index) {
    const Frequency& frequency = found[index];
    if (!is_frequent(input, frequency)) continue;
    const ForecastJob& job = input.jobs[index];
    const auto duration = std::min(duration_of(job, Durations::usual, input.assumed_duration), job.timeout);
    rows.push_back({job.name, when_text(input, job), counted(frequency.runs, "run"),
                    rounded_duration(duration) + " each",
                    moment_text(local_seconds(input.zone, frequency.first)) + " " + std::string{signs.to} +
                        " " + moment_text(local_seconds(input.zone, frequency.last))});
  }
  return rows.empty() ? "" : "Often\n" + columns(rows);
}

std::string remark(const ForecastInput& input, const PredictedRun& run) {
  std::string text;
  if (run.trigger == Trigger::dependency)
    text += "after " + name_list(input.jobs[run.job].dependencies.after, 3);
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
  if (run.ran() && run.waited().count() > 0) add("waits " + rounded_duration(run.waited()));
  if (run.end == PredictedRun::End::timed_out) add("stopped at its timeout");
  if (run.end == PredictedRun::End::replaced) add("given up for a later run");
  return text;
}

struct Day {
  TextRows lines;
  std::size_t left_out = 0;
  bool operator==(const Day&) const = default;
};

std::map<std::int64_t, Day> days_of(const ForecastInput& input, const Simulation& simulation,
                                    const std::vector<Frequency>& found) {
  std::map<std::int64_t, Day> days;
  for (const PredictedRun& run : simulation.runs) {
    if (is_frequent(input, found[run.job])) continue;
    const std::int64_t local = local_seconds(input.zone, run.due_at);
    Day& day = days[floor_divide(local, kDaySeconds)];
    if (day.lines.size() == kMostLinesADay) {
      ++day.left_out;
      continue;
    }
    day.lines.push_back({clock_text(local), input.jobs[run.job].name,
                         rounded_duration(run.ended_at - run.started_at), remark(input, run)});
  }
  return days;
}

// "Mon 30 Nov", "Mon 30 Nov – Wed 2 Dec, Fri 4 Dec"
std::string heading(const std::vector<std::int64_t>& days, const Signs& signs) {
  std::string text;
  for (std::size_t i = 0; i < days.size();) {
    std::size_t last = i;
    while (last + 1 < days.size() && days[last + 1] == days[last] + 1) ++last;
    text += (i == 0 ? "" : ", ") + day_text(days[i] * kDaySeconds);
    if (last > i) text += " " + std::string{signs.to} + " " + day_text(days[last] * kDaySeconds);
    i = last + 1;
  }
  return text;
}

struct HourLoad {
  milliseconds busy{0};
  milliseconds room{0};  // of all places; none: no time of the forecast lies in the hour
};

std::string_view shade(const HourLoad& hour, const Signs& signs) {
  if (hour.room.count() == 0) return " ";
  if (hour.busy.count() == 0) return signs.shades[0];
  const auto quarter = static_cast<std::size_t>((hour.busy.count() * 4 - 1) / hour.room.count());
  return signs.shades.at(std::min<std::size_t>(quarter + 1, 4));
}

}  // namespace

std::string timetable(const ForecastInput& input, const Forecast& forecast, const Signs& signs) {
  const auto found = frequencies(input, forecast.usual);
  std::string text = frequent_text(input, found, signs);
  std::vector<std::pair<std::vector<std::int64_t>, Day>> groups;
  for (auto& [number, day] : days_of(input, forecast.usual, found)) {
    const auto same = std::find_if(groups.begin(), groups.end(),
                                   [&day = day](const auto& group) { return group.second == day; });
    if (same == groups.end())
      groups.emplace_back(std::vector{number}, std::move(day));
    else
      same->first.push_back(number);
  }
  if (!text.empty() && !groups.empty()) text += "\n";
  for (const auto& [days, day] : groups) {
    text += heading(days, signs) + "\n" + columns(day.lines);
    if (day.left_out > 0)
      text +=
          "  " + std::string{signs.more} + " and " + counted(day.left_out, "run") + " more; --json has all\n";
  }
  return text;
}

std::string load_by_hour(const ForecastInput& input, const Forecast& forecast, const Signs& signs) {
  std::map<std::int64_t, std::array<HourLoad, 24>> days;
  const Instant end = forecast.usual.cut_at.value_or(input.to);
  for (const LoadSlot& slot : forecast.usual.load) {
    const std::int64_t local = local_seconds(input.zone, slot.begin);
    const std::int64_t day = floor_divide(local, kDaySeconds);
    HourLoad& hour = days[day].at(static_cast<std::size_t>((local - day * kDaySeconds) / 3600));
    hour.busy += slot.processes.busy;
    hour.room += input.limits.processes *
                 (std::min<Instant>(slot.begin + kLoadSlot, end) - std::max(slot.begin, input.from));
  }
  TextRows rows{{"", "0     6     12    18"}};
  for (const auto& [day, hours] : days) {
    std::string line;
    for (const HourLoad& hour : hours) line += shade(hour, signs);
    rows.push_back({day_text(day * kDaySeconds), line});
  }
  rows.push_back({"", std::string{signs.shades[0]} + " none  " + std::string{signs.shades[1]} + " to 25 %  " +
                          std::string{signs.shades[2]} + " to 50 %  " + std::string{signs.shades[3]} +
                          " to 75 %  " + std::string{signs.shades[4]} + " above"});
  return columns(rows);
}

}  // namespace rota::forecast_text
