// What may be had again in a moment: descriptors and memory of the kernel.
#pragma once

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace rota {

// Whether a call has failed for want of it.
inline bool is_shortage(int error) { return error == EMFILE || error == ENFILE || error == ENOMEM; }

// A file of /proc, or one that does not read because it is not there. Throws std::system_error at a shortage:
// that nothing is seen then says nothing.
inline std::ifstream open_to_look(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  const int error = errno;
  if (!file && is_shortage(error)) throw std::system_error{error, std::generic_category(), path.string()};
  return file;
}

}  // namespace rota
