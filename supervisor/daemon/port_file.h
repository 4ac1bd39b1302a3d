// The file that tells programs on this machine at which port HTTP is.
#pragma once

#include <cstdint>
#include <filesystem>

namespace rota {

// Puts it in place of the one before at once, readable for all; does nothing for an empty path. Links
// are replaced and not followed. Throws std::runtime_error that names the file, or std::filesystem_error.
void write_port_file(const std::filesystem::path& file, std::uint16_t port);

}  // namespace rota
