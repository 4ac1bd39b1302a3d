// The table [http].
#pragma once

#include "common/configuration/load_configuration.h"
#include "common/configuration/table_reader.h"

namespace rota {

// Adds what is wrong to `problems`, which are the reader's.
void read_http(TableReader reader, const Environment& environment, Problems& problems,
               HttpConfiguration& http);

}  // namespace rota
