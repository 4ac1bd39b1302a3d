// The keys of a job's table that make it a command, and its limits.
#pragma once

#include <optional>

#include "common/command/command.h"
#include "common/configuration/table_reader.h"

namespace rota {

// The command of a job without its limits; nullopt if the table has neither `command` nor `shell`. Adds what
// is wrong to the reader's problems.
std::optional<Command> read_command(TableReader& reader);

// The table `limits`, which a job of a module may have too.
CommandLimits read_limits(TableReader table);

}  // namespace rota
