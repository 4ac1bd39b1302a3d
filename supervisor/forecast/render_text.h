// A forecast for a person at a terminal. Pure.
#pragma once

#include <string>

#include "supervisor/forecast/forecast.h"

namespace rota {

// A summary, the timetable, the load by day and hour, then what waits, collides, meets a
// change of the clock, and what could be better. `ascii`: without signs beyond ASCII.
std::string forecast_as_text(const ForecastInput& input, const Forecast& forecast, bool ascii);

}  // namespace rota
