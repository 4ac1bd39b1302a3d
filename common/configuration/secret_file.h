// Keys that name a file with a key or a password in it. What is in the file is never read here.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "common/configuration/load_configuration.h"
#include "common/configuration/table_reader.h"

namespace rota {

// The path of the file that `key` names; a relative one is sought in $CREDENTIALS_DIRECTORY first,
// systemd.exec(5), then beside the configuration file. Nullopt if the key is missing.
std::optional<std::filesystem::path> read_key_path(TableReader& reader, std::string_view key,
                                                   const Environment& environment);

// Adds a problem unless `file` exists and is closed to others.
void check_secret(TableReader& reader, std::string_view key, const std::filesystem::path& file);

}  // namespace rota
