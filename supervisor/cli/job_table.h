// Jobs as rows, from the supervisor's JSON. Pure but for reading tzdata.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "supervisor/cli/table.h"

namespace rota {

// "after a, b", or with another than success "after a, b on failure". `jobs` has the names.
std::string after_text(const std::string& jobs, std::string_view on);

// The table of all jobs; times in `zone`.
Row job_titles();
// Of its columns, for a terminal that is too narrow.
GiveWay job_columns_that_give_way();
Row job_row(const boost::json::object& job, const std::string& zone);

// All that is known of one job, a name and a value in each row.
std::vector<Row> job_facts(const boost::json::object& job, const std::string& zone);
// Of names and values: the values give way.
GiveWay fact_columns_that_give_way();

// "job t_ok by local:root since 2026-03-01 02:20:00" of a pause.
std::string pause_text(const boost::json::object& pause, const std::string& zone);

}  // namespace rota
