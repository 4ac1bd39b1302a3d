#include "supervisor/http/open_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "common/file/without_links.h"

namespace rota {
namespace {

// Without O_NONBLOCK a pipe in its place would hold the event loop until somebody writes into it.
constexpr int kFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

std::error_code last_error() { return {errno, std::generic_category()}; }

std::variant<FilePart, std::error_code> whole_of(Descriptor file) {
  struct stat status {};
  if (!file.is_open() || fstat(file.get(), &status) != 0) return last_error();
  if (!S_ISREG(status.st_mode)) return std::make_error_code(std::errc::invalid_argument);
  FilePart part;
  part.file = std::make_shared<OpenFile>(std::move(file));
  part.size = static_cast<std::uint64_t>(status.st_size);
  return part;
}

}  // namespace

std::size_t OpenFile::read(std::uint64_t offset, char* buffer, std::size_t size,
                           std::error_code& error) const {
  for (;;) {
    const ssize_t count = pread(descriptor_.get(), buffer, size, static_cast<off_t>(offset));
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno == EINTR) continue;
    error = last_error();
    return 0;
  }
}

std::variant<FilePart, std::error_code> open_log(const std::filesystem::path& path) {
  return whole_of(open_without_links(path, kFlags));
}

std::variant<FilePart, std::error_code> open_file(const std::filesystem::path& path) {
  return whole_of(Descriptor{open(path.c_str(), kFlags | O_NOFOLLOW)});
}

FilePart part_from(FilePart whole, std::uint64_t offset) {
  const std::uint64_t skipped = std::min(offset, whole.size);
  whole.offset += skipped;
  whole.size -= skipped;
  return whole;
}

}  // namespace rota
