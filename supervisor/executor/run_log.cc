#include "supervisor/executor/run_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>
#include <variant>

#include "common/file/regular_file.h"
#include "common/file/without_links.h"
#include "common/protocol/message.h"
#include "common/time/rfc3339.h"

namespace rota {
namespace {

void make_directories(const std::filesystem::path& directory) {
  if (directory.empty() || std::filesystem::is_directory(directory)) return;
  make_directories(directory.parent_path());
  if (mkdir(directory.c_str(), 0750) != 0 && errno != EEXIST)
    throw std::system_error{errno, std::generic_category()};
}

// At most the last `max_bytes` bytes.
std::string read_end(const std::filesystem::path& file, std::size_t max_bytes) {
  const auto opened = regular_file(open_without_links(file, kReadRegular));
  const auto* log = std::get_if<RegularFile>(&opened);
  if (!log) return {};
  std::string text(std::min<std::uint64_t>(log->size, max_bytes), '\0');
  const ssize_t count =
      pread(log->file.get(), text.data(), text.size(), static_cast<off_t>(log->size - text.size()));
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  return text;
}

}  // namespace

RunLog::~RunLog() { close(); }

bool RunLog::is_open() {
  const std::filesystem::path file = std::exchange(file_, {});
  if (file.empty()) return descriptor_.is_open();
  try {
    make_directories(file.parent_path());
    descriptor_ = open_without_links(file, O_WRONLY | O_CREAT | O_EXCL, 0640);
    if (!descriptor_.is_open()) throw std::system_error{errno, std::generic_category()};
  } catch (const std::exception& error) {
    trouble_ = "run log " + file.string() + ": cannot be created: " + error.what();
  }
  return descriptor_.is_open();
}

void RunLog::write(std::string_view bytes) {
  const std::lock_guard lock{mutex_};
  if (bytes.empty() || !is_open()) return;
  const auto fits = bytes.substr(0, half_limit_ - head_bytes_);
  write_to_file(fits);
  head_bytes_ += fits.size();
  if (fits.size() < bytes.size()) keep(bytes.substr(fits.size()));
}

void RunLog::write_line(Instant now, LogLevel level, std::string_view message) {
  write(format_rfc3339(now) + " " + std::string{to_string(level)} + " " + std::string{message} + "\n");
}

void RunLog::close() {
  const std::lock_guard lock{mutex_};
  file_.clear();
  if (!descriptor_.is_open()) return;
  if (tail_.size() > half_limit_) tail_.erase(0, tail_.size() - half_limit_);
  const std::uint64_t cut = later_bytes_ - tail_.size();
  if (cut > 0)
    write_to_file("\n[" + std::to_string(cut) + " bytes are cut here: the limit of a run's log is " +
                  std::to_string(half_limit_ * 2) + " bytes]\n");
  write_to_file(tail_);
  descriptor_ = {};
  tail_ = {};
}

std::string RunLog::trouble() const {
  const std::lock_guard lock{mutex_};
  return trouble_;
}

void RunLog::write_to_file(std::string_view bytes) {
  if (missing_bytes_ > 0) {
    if (try_to_write("\n[" + std::to_string(missing_bytes_) + " bytes are missing here: " + trouble_ +
                     "]\n") > 0) {
      missing_bytes_ += bytes.size();
      return;
    }
    missing_bytes_ = 0;
  }
  missing_bytes_ = try_to_write(bytes);
}

// Answers how many bytes could not be written.
std::size_t RunLog::try_to_write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      trouble_ = std::string{"the run log cannot be written: "} + std::generic_category().message(errno);
      break;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return bytes.size();
}

void RunLog::keep(std::string_view bytes) {
  later_bytes_ += bytes.size();
  if (bytes.size() > half_limit_) bytes.remove_prefix(bytes.size() - half_limit_);
  // Twice as much as is needed, so that bytes move once and not with each write.
  if (tail_.size() + bytes.size() > 2 * half_limit_)
    tail_.erase(0, tail_.size() - std::min<std::uint64_t>(tail_.size(), half_limit_));
  tail_.append(bytes);
}

std::string read_last_lines(const std::filesystem::path& file, int lines, std::size_t max_bytes) {
  std::string text = read_end(file, max_bytes);
  std::size_t begin = text.size();
  if (begin > 0 && text.back() == '\n') --begin;
  while (lines > 0 && begin > 0) {
    const std::size_t newline = text.rfind('\n', begin - 1);
    if (newline == std::string::npos) return text;
    begin = newline;
    --lines;
  }
  return lines == 0 ? text.substr(begin + 1) : text;
}

}  // namespace rota
