// What `rota import crontab` says of an import, for the person who has to trust it. Pure.
#pragma once

#include <string>
#include <vector>

#include "supervisor/crontab/compare.h"
#include "supervisor/crontab/to_jobs.h"

namespace rota {

// The counts, each thing that was not carried over or was changed with its line, what Rota does
// otherwise than cron, and each job's next occurrences by cron and by Rota. `source` is how the
// crontab is called.
std::string report(const Import& import, const std::vector<ComparedJob>& compared, const std::string& source);

}  // namespace rota
