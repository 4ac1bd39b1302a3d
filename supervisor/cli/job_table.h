// Jobs as rows, from the supervisor's JSON. Pure but for reading tzdata.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <vector>

#include "supervisor/cli/table.h"

namespace rota {

// The table of all jobs; times in `zone`.
Row job_titles();
Row job_row(const boost::json::object& job, const std::string& zone);

// All that is known of one job, a name and a value in each row.
std::vector<Row> job_facts(const boost::json::object& job, const std::string& zone);

// "job t_ok by local:root since 2026-03-01 02:20:00" of a pause.
std::string pause_text(const boost::json::object& pause, const std::string& zone);

}  // namespace rota
