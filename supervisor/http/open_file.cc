#include "supervisor/http/open_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "common/file/regular_file.h"
#include "common/file/without_links.h"

namespace rota {
namespace {

std::error_code last_error() { return {errno, std::generic_category()}; }

std::variant<FilePart, std::error_code> whole_of(std::variant<RegularFile, std::error_code> opened) {
  if (const auto* error = std::get_if<std::error_code>(&opened)) return *error;
  auto& regular = std::get<RegularFile>(opened);
  FilePart part;
  part.file = std::make_shared<OpenFile>(std::move(regular.file));
  part.size = regular.size;
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
  return whole_of(regular_file(open_without_links(path, kReadRegular)));
}

std::variant<FilePart, std::error_code> open_file(const std::filesystem::path& path) {
  return whole_of(regular_file(Descriptor{open(path.c_str(), kReadRegular | O_NOFOLLOW)}));
}

FilePart part_from(FilePart whole, std::uint64_t offset) {
  const std::uint64_t skipped = std::min(offset, whole.size);
  whole.offset += skipped;
  whole.size -= skipped;
  return whole;
}

}  // namespace rota
