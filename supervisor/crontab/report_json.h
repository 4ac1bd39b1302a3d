// What `rota import crontab` says of an import, for programs. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "supervisor/crontab/compare.h"
#include "supervisor/crontab/to_jobs.h"

namespace rota {

// `source`, `entries`, `notes` (each with `kind`, `line`, `column`, `text`; the place is null where a note
// has none) and `jobs` (each with `name`, `line`, `schedule`, `same`, and its next occurrences by `cron` and
// by `rota`).
boost::json::object report_as_json(const Import& import, const std::vector<ComparedJob>& compared,
                                   const std::string& source);

}  // namespace rota
