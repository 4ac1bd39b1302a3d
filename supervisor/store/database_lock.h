// That one supervisor at a time has a database, whatever its sockets are: each would take the other's runs
// for those of one that has died, and end them.
#pragma once

#include <filesystem>

#include "common/file/descriptor.h"

namespace rota {

// A lock on the file itself, flock(2), which the kernel takes back when the process ends, however it does.
// SQLite's own locks are of another kind, fcntl(2), so that readers and copies know nothing of it. But
// closing the file gives up those of the whole process (https://www.sqlite.org/howtocorrupt.html, section
// 2.2): it outlives every connection.
class DatabaseLock {
 public:
  // Opens the file, or makes it (0640) with its directory. Throws std::runtime_error where another process
  // has it and keeps it for two seconds, std::system_error where the file or its lock is refused.
  explicit DatabaseLock(const std::filesystem::path& file);

 private:
  Descriptor file_;
};

}  // namespace rota
