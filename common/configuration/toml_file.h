// Reads one TOML file of the configuration, if nobody but root and this user can have written it:
// who writes a configuration decides which programs the supervisor runs.
#pragma once

#include <filesystem>
#include <optional>

#include <toml++/toml.h>

#include "common/configuration/table_reader.h"

namespace rota {

// The document of `problems.file()`; nullopt with a problem if it cannot be read, is no TOML, can be
// written by others or belongs to someone else.
std::optional<toml::table> read_toml_file(Problems& problems);

// Adds a problem if others can write `directory` or it belongs to someone else.
void check_directory_owner(const std::filesystem::path& directory, Problems& problems);

}  // namespace rota
