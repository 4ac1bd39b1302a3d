// The keys of a job's table that say how its runs are admitted, repeated and watched.
#pragma once

#include <string>
#include <vector>

#include "common/configuration/configuration.h"
#include "common/configuration/table_reader.h"

namespace rota {

// Fills the policies of `job`; `groups` are the names that a group may have, null: any.
// Adds what is wrong to the reader's problems.
void read_policies(TableReader& reader, const std::vector<std::string>* groups, JobSettings& job);

}  // namespace rota
