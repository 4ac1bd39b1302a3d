#include "supervisor/store/database_files.h"

#include <sys/stat.h>

#include <cerrno>
#include <system_error>

#include "supervisor/store/sqlite_run_store.h"

namespace rota {
namespace {

constexpr const char* kWayOut = "put it back, or stop rotad, put a backup in its place and start it again";

std::string cannot_be_found(const std::filesystem::path& path, int error) {
  return "database file " + path.string() + ": cannot be found: " + std::generic_category().message(error);
}

}  // namespace

DatabaseFiles::DatabaseFiles(const std::filesystem::path& database) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    Identity file{database.string() + suffix};
    struct stat status {};
    if (stat(file.path.c_str(), &status) != 0) throw StoreError{cannot_be_found(file.path, errno)};
    file.device = status.st_dev;
    file.inode = status.st_ino;
    files_.push_back(std::move(file));
  }
}

std::string DatabaseFiles::what_is_amiss() const {
  for (const Identity& file : files_) {
    struct stat status {};
    if (stat(file.path.c_str(), &status) != 0) return cannot_be_found(file.path, errno) + "; " + kWayOut;
    if (status.st_dev != file.device || status.st_ino != file.inode)
      return "database file " + file.path.string() + ": another file has taken its place; " + kWayOut;
  }
  return {};
}

}  // namespace rota
