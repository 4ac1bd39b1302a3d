#include "supervisor/forecast/local_time.h"
#include "supervisor/forecast/sections.h"

namespace rota::forecast_text {
namespace {

constexpr std::size_t kMostRows = 20;  // of one change

std::int64_t local_before(const ClockChange& change) {
  return std::chrono::floor<std::chrono::seconds>(change.change_at + change.offset_before)
      .time_since_epoch()
      .count();
}

std::int64_t local_after(const ClockChange& change) {
  return std::chrono::floor<std::chrono::seconds>(change.change_at + change.offset_after)
      .time_since_epoch()
      .count();
}

// "Sun 29 Mar, Europe/Brussels: the clock goes from 02:00 to 03:00"
std::string change_text(const ClockChange& change) {
  return day_text(local_before(change)) + ", " + change.zone + ": the clock goes from " +
         clock_text(local_before(change)) + " to " + clock_text(local_after(change));
}

std::string nominal_text(const ClockChange& change, const Signs& signs) {
  std::string text = clock_text(change.first_local);
  if (change.times > 1)
    text += std::string{signs.to} + clock_text(change.last_local) + ", " + counted(change.times, "time");
  return text;
}

std::string effect_text(const ClockChange& change) {
  const bool several = change.times > 1;
  switch (change.effect) {
    case ClockChange::Effect::moved: {
      const auto offset = std::chrono::duration_cast<std::chrono::seconds>(change.offset_after);
      const auto runs_at = std::chrono::floor<std::chrono::seconds>(change.first_runs_at + offset);
      return std::string{several ? "do" : "does"} +
             " not exist: " + (several ? "they run later, the first at " : "it runs at ") +
             clock_text(runs_at.time_since_epoch().count());
    }
    case ClockChange::Effect::left_out:
      return std::string{several ? "do" : "does"} + " not exist: nothing runs";
    case ClockChange::Effect::once:
      return std::string{several ? "come" : "comes"} + " twice: only the first time counts";
    case ClockChange::Effect::both:
      break;
  }
  return std::string{several ? "come" : "comes"} + " twice: runs both times";
}

}  // namespace

std::string daylight_saving(const ForecastInput& input, const Forecast& forecast, const Signs& signs) {
  if (forecast.clock_changes.empty()) return "\nNo occurrence falls into a change of the clock.\n";
  std::string text = "\nDaylight saving\n";
  TextRows rows;
  std::string last;
  const auto close = [&] {
    const std::size_t count = rows.size();
    if (count > kMostRows) rows.resize(kMostRows);
    text += columns(rows);
    if (count > kMostRows) text += "  and " + std::to_string(count - kMostRows) + " more; --json has all\n";
    rows.clear();
  };
  for (const ClockChange& change : forecast.clock_changes) {
    if (const std::string heading = change_text(change); heading != last) {
      close();
      text += " " + heading + "\n";
      last = heading;
    }
    rows.push_back({input.jobs[change.job].name, nominal_text(change, signs), effect_text(change)});
  }
  close();
  return text;
}

}  // namespace rota::forecast_text
