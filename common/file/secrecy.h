// Who can read a file that holds a secret. Only its owner and its group may.
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <string>

namespace rota {

// What is wrong with the mode of `path`, whose status is given, and what to run; empty if all is well.
inline std::string secrecy_fault(const struct stat& status, const std::filesystem::path& path) {
  if ((status.st_mode & S_IRWXO) == 0) return "";
  return "expected a file that others cannot read; run: chmod o= " + path.string();
}

}  // namespace rota
