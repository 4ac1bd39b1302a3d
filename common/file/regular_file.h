// A file that is read although somebody may have put something else in its place: a pipe, which would
// be waited for, a device, a directory.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>
#include <variant>

#include "common/file/descriptor.h"

namespace rota {

struct RegularFile {
  Descriptor file;
  std::uint64_t size = 0;  // in bytes, when it was asked
};

// How such a file is to be opened: without O_NONBLOCK a pipe would hold the thread until somebody writes into
// it.
inline constexpr int kReadRegular = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

// What was opened so, if it is a regular file; else why not. To be called right after the opening, whose
// errno it reads.
inline std::variant<RegularFile, std::error_code> regular_file(Descriptor opened) {
  struct stat status {};
  if (!opened.is_open() || fstat(opened.get(), &status) != 0)
    return std::error_code{errno, std::generic_category()};
  if (!S_ISREG(status.st_mode)) return std::make_error_code(std::errc::invalid_argument);
  return RegularFile{std::move(opened), static_cast<std::uint64_t>(status.st_size)};
}

}  // namespace rota
