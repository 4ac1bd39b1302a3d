// The log file of one run: what the job printed and logged, in bounded space. A run that says nothing has no
// file. The
// head of it goes to the file at once; when that half of the limit is used up, the
// last bytes are kept in memory and written at the end, with a mark between that
// says how much was cut.
#pragma once

#include <rota/job.h>

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "common/file/descriptor.h"
#include "common/time/instant.h"

namespace rota {

class RunLog {
 public:
  // The first that is written creates the file (mode 0640) and its missing directories (0750). A file that
  // exists, or a link in its place or in that of its directory, is not touched: then, as with a disk that
  // cannot be written, what is logged is dropped and `trouble` says why; if it can be written again, a mark
  // says how much is missing.
  RunLog(std::filesystem::path file, std::uint64_t limit_bytes)
      : file_{std::move(file)}, half_limit_{limit_bytes / 2} {}
  RunLog(const RunLog&) = delete;
  RunLog& operator=(const RunLog&) = delete;
  ~RunLog();

  // Any thread. Never throws, and waits for nothing but the disk.
  void write(std::string_view bytes);
  // A line with the time and the level before it.
  void write_line(Instant now, LogLevel level, std::string_view message);
  // Writes what was kept of the end. Later writes are dropped.
  void close();
  std::string trouble() const;

 private:
  bool is_open();
  void write_to_file(std::string_view bytes);
  std::size_t try_to_write(std::string_view bytes);
  void keep(std::string_view bytes);

  std::filesystem::path file_;  // empty once it has been opened, or cannot be
  std::uint64_t half_limit_;
  mutable std::mutex mutex_;
  Descriptor descriptor_;
  std::string trouble_;
  std::uint64_t head_bytes_ = 0;
  std::size_t missing_bytes_ = 0;  // that could not be written, since the last that could
  std::uint64_t later_bytes_ = 0;  // all that came after the head
  std::string tail_;
};

// The last lines of a log, at most `lines` and `max_bytes` of them; empty if it
// cannot be read, or it or its directory is a link.
std::string read_last_lines(const std::filesystem::path& file, int lines, std::size_t max_bytes);

}  // namespace rota
