// Files in a directory where others might have planted symbolic links: run logs. For who writes,
// reads and removes them.
#pragma once

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "common/file/descriptor.h"

namespace rota {

// The directory that holds `path`; none, with errno set, if its own name is a link.
inline Descriptor directory_without_links(const std::filesystem::path& path) {
  const auto directory = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
  return Descriptor{open(directory.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
}

// As open(2), but none, with errno set, where the file or the directory that holds it is a link. What is
// above that directory may be one: it is the administrator's.
inline Descriptor open_without_links(const std::filesystem::path& path, int flags, mode_t mode = 0) {
  const Descriptor directory = directory_without_links(path);
  if (!directory.is_open()) return {};
  return Descriptor{openat(directory.get(), path.filename().c_str(), flags | O_NOFOLLOW | O_CLOEXEC, mode)};
}

// As unlink(2), but does nothing where the directory that holds the file is a link.
inline void remove_without_links(const std::filesystem::path& path) {
  const Descriptor directory = directory_without_links(path);
  if (directory.is_open()) unlinkat(directory.get(), path.filename().c_str(), 0);
}

}  // namespace rota
