// Who could have changed a file that decides what a program does: a configuration, a job file, a job
// module. Only root and the user who runs the program may.
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace rota {

// What is wrong with the owner or the mode of `path`, whose status is given, and what to run; empty
// if all is well.
inline std::string owner_fault(const struct stat& status, const std::filesystem::path& path) {
  if ((status.st_mode & S_IWOTH) != 0) return "others can write it; run: chmod o-w " + path.string();
  if (status.st_uid != 0 && status.st_uid != geteuid())
    return "it belongs to user " + std::to_string(status.st_uid) +
           ", expected root or the user who runs this program; run: chown root " + path.string();
  return "";
}

// The same of what stands there now; empty, too, if nothing does.
inline std::string owner_fault(const std::filesystem::path& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 ? owner_fault(status, path) : "";
}

}  // namespace rota
