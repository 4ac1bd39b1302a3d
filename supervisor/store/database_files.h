// The files of the database that is open, by their inodes: whether they are still what stands at their
// paths. What is written to a file that was deleted or replaced is lost with its last descriptor, and
// SQLite does not look: https://www.sqlite.org/howtocorrupt.html, section 2.3 and 4.1.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace rota {

class DatabaseFiles {
 public:
  // The database is open in WAL mode, so that the log and its index are there too. Throws StoreError
  // where one is not.
  explicit DatabaseFiles(const std::filesystem::path& database);

  // What has become of them and what to do, as a sentence; empty while all are in their places.
  // Any thread; costs a stat(2) each.
  std::string what_is_amiss() const;

 private:
  struct Identity {
    std::filesystem::path path;
    dev_t device = 0;
    ino_t inode = 0;
  };
  std::vector<Identity> files_;
};

}  // namespace rota
