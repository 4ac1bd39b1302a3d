// A forecast for programs. Pure.
#pragma once

#include <string>

#include "supervisor/forecast/forecast.h"

namespace rota {

// One JSON object and a newline, with everything that the text tells and each run. Instants are RFC 3339
// in UTC, durations seconds; the keys are in supervisor/forecast/README.md.
std::string forecast_as_json(const ForecastInput& input, const Forecast& forecast);

}  // namespace rota
