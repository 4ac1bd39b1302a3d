// Imported jobs as the text of a job file; see common/configuration/README.md. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "supervisor/crontab/to_jobs.h"

namespace rota {

// A basic string of TOML 1.0 with its quotes. `text` is UTF-8.
std::string toml_string(std::string_view text);

// A table [jobs.NAME] for each job. `source` is how comments call the crontab.
std::string write_job_file(const std::vector<ImportedJob>& jobs, const std::string& source);

}  // namespace rota
