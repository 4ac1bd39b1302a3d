// Jobs as JSON with a newline at its end. The policies have the keys that the
// configuration gives them (common/configuration/README.md), durations with `_seconds`. Pure.
#pragma once

#include <string>
#include <vector>

#include "supervisor/http/scheduler_api.h"

namespace rota {

std::string job_text(const JobSummary& job);
// {"jobs": […]}
std::string jobs_text(const std::vector<JobSummary>& jobs);

}  // namespace rota
