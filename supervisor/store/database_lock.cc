#include "supervisor/store/database_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace rota {
namespace {

// A process that a killed supervisor was starting has its descriptors until it becomes the worker.
constexpr std::chrono::seconds kPatience{2};
constexpr std::chrono::milliseconds kBetweenTries{20};

// With its mode from the start: the file holds parameters and mails.
Descriptor open_or_make(const std::filesystem::path& file) {
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path());
  Descriptor opened{open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640)};
  if (!opened.is_open()) throw std::system_error{errno, std::generic_category()};
  return opened;
}

bool lock(const Descriptor& file) {
  if (flock(file.get(), LOCK_EX | LOCK_NB) == 0) return true;
  if (errno == EWOULDBLOCK) return false;
  throw std::system_error{errno, std::generic_category(), "cannot be locked"};
}

}  // namespace

DatabaseLock::DatabaseLock(const std::filesystem::path& file) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    // Anew each time: meanwhile another file may have been put in its place.
    Descriptor opened = open_or_make(file);
    if (lock(opened)) {
      file_ = std::move(opened);
      return;
    }
    if (std::chrono::steady_clock::now() >= end)
      throw std::runtime_error{"another rotad has it; stop that one, or give this one a database of its own"};
    std::this_thread::sleep_for(kBetweenTries);
  }
}

}  // namespace rota
