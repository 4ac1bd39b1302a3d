// The keys of a job's table that make it a command.
#pragma once

#include <optional>

#include "common/command/command.h"
#include "common/configuration/table_reader.h"

namespace rota {

// The command of a job; nullopt if the table has neither `command` nor `shell`. Adds what is
// wrong to the reader's problems.
std::optional<Command> read_command(TableReader& reader);

}  // namespace rota
