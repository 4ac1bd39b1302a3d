#include "supervisor/executor/run_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

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

}  // namespace

RunLog::RunLog(const std::filesystem::path& file, std::uint64_t limit_bytes) : half_limit_{limit_bytes / 2} {
  try {
    make_directories(file.parent_path());
    descriptor_ = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
    if (descriptor_ < 0) throw std::system_error{errno, std::generic_category()};
  } catch (const std::exception& error) {
    trouble_ = "run log " + file.string() + ": cannot be created: " + error.what();
  }
}

RunLog::~RunLog() { close(); }

void RunLog::write(std::string_view bytes) {
  const std::lock_guard lock{mutex_};
  if (descriptor_ < 0) return;
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
  if (descriptor_ < 0) return;
  if (tail_.size() > half_limit_) tail_.erase(0, tail_.size() - half_limit_);
  const std::uint64_t cut = later_bytes_ - tail_.size();
  if (cut > 0)
    write_to_file("\n[" + std::to_string(cut) + " bytes are cut here: the limit of a run's log is " +
                  std::to_string(half_limit_ * 2) + " bytes]\n");
  write_to_file(tail_);
  ::close(descriptor_);
  descriptor_ = -1;
  tail_ = {};
}

std::string RunLog::trouble() const {
  const std::lock_guard lock{mutex_};
  return trouble_;
}

void RunLog::write_to_file(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      trouble_ = std::string{"the run log cannot be written: "} + std::generic_category().message(errno);
      return;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
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
  std::ifstream stream{file, std::ios::binary | std::ios::ate};
  if (!stream) return {};
  const auto size = static_cast<std::size_t>(stream.tellg());
  const std::size_t wanted = std::min(size, max_bytes);
  std::string text(wanted, '\0');
  stream.seekg(static_cast<std::streamoff>(size - wanted));
  stream.read(text.data(), static_cast<std::streamsize>(wanted));
  text.resize(static_cast<std::size_t>(stream.gcount()));
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
