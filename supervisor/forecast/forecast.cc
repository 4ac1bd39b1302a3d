#include "supervisor/forecast/forecast.h"

namespace rota {

Forecast make_forecast(const ForecastInput& input) {
  Forecast forecast;
  forecast.usual = simulate(input, Durations::usual);
  forecast.jobs = outlook_of(input, forecast.usual);
  forecast.busy_jobs = outlook_of(input, simulate(input, Durations::busy));
  forecast.collisions = find_collisions(input, forecast.usual);
  forecast.queue = longest_queue(forecast.usual);
  forecast.clock_changes = find_clock_changes(input);
  // A part of the range would make a place look free that is not.
  if (!forecast.usual.cut_at) forecast.spacing = suggest_spacing(input, forecast.usual);
  return forecast;
}

}  // namespace rota
