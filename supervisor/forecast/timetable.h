// The timetable and the load of a forecast as text. Pure.
#pragma once

#include <string>

#include "supervisor/forecast/forecast.h"
#include "supervisor/forecast/text_parts.h"

namespace rota::forecast_text {

// Jobs that run more than four times a day have a line each; of the others each run stands
// under its day, and days that are alike stand together.
std::string timetable(const ForecastInput& input, const Forecast& forecast, const Signs& signs);

// A line for each day with a shade for each of its hours: how much of the places for CPU-bound runs is taken.
std::string load_by_hour(const ForecastInput& input, const Forecast& forecast, const Signs& signs);

}  // namespace rota::forecast_text
