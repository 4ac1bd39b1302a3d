// The sections of a forecast's text after its timetable. Each is empty, or ends with a line
// break, where there is nothing to tell. Pure.
#pragma once

#include <string>

#include "supervisor/forecast/forecast.h"
#include "supervisor/forecast/text_parts.h"

namespace rota::forecast_text {

// What the overlap rule refuses, and what runs into its timeout.
std::string skipped(const ForecastInput& input, const Forecast& forecast);
std::string timeouts(const ForecastInput& input, const Forecast& forecast);

std::string waiting(const ForecastInput& input, const Forecast& forecast);
std::string collisions(const ForecastInput& input, const Forecast& forecast);
std::string daylight_saving(const ForecastInput& input, const Forecast& forecast, const Signs& signs);
std::string suggestions(const ForecastInput& input, const Forecast& forecast, const Signs& signs);

}  // namespace rota::forecast_text
