// The table of runs, from the supervisor's JSON. Pure but for reading tzdata.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

#include "common/time/instant.h"
#include "supervisor/cli/table.h"

namespace rota {

Row run_titles();
// Of its columns, for a terminal that is too narrow.
GiveWay run_columns_that_give_way();
// Times in `zone`; a run that goes on has taken what has passed until `now`.
Row run_row(const boost::json::object& run, const std::string& zone, Instant now);

}  // namespace rota
