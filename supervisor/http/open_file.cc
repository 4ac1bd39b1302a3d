#include "supervisor/http/open_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace rota {
namespace {

std::error_code last_error() { return {errno, std::generic_category()}; }

}  // namespace

OpenFile::~OpenFile() { close(descriptor_); }

std::size_t OpenFile::read(std::uint64_t offset, char* buffer, std::size_t size,
                           std::error_code& error) const {
  for (;;) {
    const ssize_t count = pread(descriptor_, buffer, size, static_cast<off_t>(offset));
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno == EINTR) continue;
    error = last_error();
    return 0;
  }
}

std::variant<FilePart, std::error_code> open_file(const std::filesystem::path& path) {
  // Without O_NONBLOCK a pipe at this path would hold the event loop until somebody writes into it.
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0) return last_error();
  FilePart part;
  part.file = std::make_shared<OpenFile>(descriptor);
  struct stat status {};
  if (fstat(descriptor, &status) != 0) return last_error();
  if (!S_ISREG(status.st_mode)) return std::make_error_code(std::errc::invalid_argument);
  part.size = static_cast<std::uint64_t>(status.st_size);
  return part;
}

FilePart part_from(FilePart whole, std::uint64_t offset) {
  const std::uint64_t skipped = std::min(offset, whole.size);
  whole.offset += skipped;
  whole.size -= skipped;
  return whole;
}

}  // namespace rota
