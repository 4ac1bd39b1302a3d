// The files of the database that is open, by their inodes: whether they are still what stands at their
// paths. What is written to a file that was deleted or replaced is lost with its last descriptor, and
// SQLite does not look: https://www.sqlite.org/howtocorrupt.html, section 2.3 and 4.1.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rota {

struct FileIdentity {
  std::uint32_t device_major = 0;
  std::uint32_t device_minor = 0;
  std::uint64_t inode = 0;
  bool operator==(const FileIdentity&) const = default;
};

class DatabaseFiles {
 public:
  // The database is open in WAL mode, so that the log and its index are there too. Throws StoreError
  // where one is not.
  explicit DatabaseFiles(const std::filesystem::path& database);

  // What has become of them and what to do, as a sentence; empty while all are in their places.
  // Any thread; costs a statx(2) each.
  std::string what_is_amiss() const;

 private:
  struct OpenFile {
    std::filesystem::path path;
    FileIdentity identity;
  };
  std::vector<OpenFile> files_;
};

}  // namespace rota
