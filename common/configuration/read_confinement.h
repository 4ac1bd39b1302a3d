// The keys of a command job that keep it from more than its user is kept from.
#pragma once

#include <array>

#include "common/command/confinement.h"
#include "common/configuration/table_reader.h"

namespace rota {

inline constexpr std::array kConfinementKeys{"no_new_privileges", "private_network", "read_only_paths"};

// Adds what is wrong to the reader's problems.
Confinement read_confinement(TableReader& reader);

}  // namespace rota
