// A file that is read although its name may be gone by then: logs and backups, on their
// way to a client. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>
#include <variant>

#include "common/file/descriptor.h"

namespace rota {

class OpenFile {
 public:
  explicit OpenFile(Descriptor file) : descriptor_{std::move(file)} {}

  // Reads at most `size` bytes from `offset` on; 0 at the end of the file.
  std::size_t read(std::uint64_t offset, char* buffer, std::size_t size, std::error_code& error) const;

 private:
  Descriptor descriptor_;
};

// `size` bytes of a file from `offset` on. Copies share the descriptor, which the last closes.
struct FilePart {
  std::shared_ptr<const OpenFile> file;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

// The whole of a regular file, as long as it is now, or why it cannot be read. Neither the file nor the
// directory that holds it may be a link (without_links.h).
std::variant<FilePart, std::error_code> open_log(const std::filesystem::path& path);
// The same of a file in a directory of the administrator's, which may be a link.
std::variant<FilePart, std::error_code> open_file(const std::filesystem::path& path);

// The part of `whole` from byte `offset` on, which may lie behind its end.
FilePart part_from(FilePart whole, std::uint64_t offset);

}  // namespace rota
