// The tables [jobs.NAME].
#pragma once

#include "common/configuration/configuration.h"
#include "common/configuration/table_reader.h"

namespace rota {

// Adds what is wrong to the reader's problems.
JobOverride read_job(TableReader reader);

}  // namespace rota
