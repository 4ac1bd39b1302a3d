// The tables [supervisor], [groups.NAME] and [history].
#pragma once

#include "common/configuration/configuration.h"
#include "common/configuration/table_reader.h"

namespace rota {

// Each adds what is wrong to the reader's problems. The key jobs_directory is left to
// load_configuration.
void read_supervisor(TableReader& reader, Configuration& configuration);
void read_groups(TableReader reader, Configuration& configuration);
// Keys that are not there keep what `rules` says.
RetentionRules read_retention(TableReader reader, RetentionRules rules);

}  // namespace rota
