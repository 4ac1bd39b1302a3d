#include "supervisor/store/database_files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <optional>
#include <system_error>

#include "supervisor/store/sqlite_run_store.h"

namespace rota {
namespace {

constexpr const char* kWayOut = "put it back, or stop rotad, put a backup in its place and start it again";

std::string cannot_be_found(const std::filesystem::path& path, int error) {
  return "database file " + path.string() + ": cannot be found: " + std::generic_category().message(error);
}

// Of what the path leads to. Nothing but the inode is asked for: Linux since 6.13 gives a file whose time of
// change was looked at a new one with its next write, and on an ext4 without a journal that is an inode more
// which each fdatasync(2) writes. Empty, and errno says why, where there is no such file.
std::optional<FileIdentity> identity_at(const std::filesystem::path& path) {
  struct statx status {};
  if (statx(AT_FDCWD, path.c_str(), 0, STATX_INO, &status) != 0) return std::nullopt;
  return FileIdentity{status.stx_dev_major, status.stx_dev_minor, status.stx_ino};
}

}  // namespace

DatabaseFiles::DatabaseFiles(const std::filesystem::path& database) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::filesystem::path path = database.string() + suffix;
    const auto identity = identity_at(path);
    if (!identity) throw StoreError{cannot_be_found(path, errno)};
    files_.push_back({std::move(path), *identity});
  }
}

std::string DatabaseFiles::what_is_amiss() const {
  for (const auto& [path, opened] : files_) {
    const auto now = identity_at(path);
    if (!now) return cannot_be_found(path, errno) + "; " + kWayOut;
    if (*now != opened)
      return "database file " + path.string() + ": another file has taken its place; " + kWayOut;
  }
  return {};
}

}  // namespace rota
