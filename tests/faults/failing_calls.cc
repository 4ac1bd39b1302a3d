// Lets system calls of a program fail, for tests: LD_PRELOAD puts it in front of the C library. The file
// named in ROTA_FAULTS holds what fails now, and is looked at with each call, so that a test can change its
// mind while the program runs. Its words are int32: the errno of reads, of writes, of syncs of database
// files, of new threads and of new processes; 0 for none.
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/faults/next_function.h"

namespace {

enum Fault : std::size_t { reads, writes, syncs, threads, processes, faults };

const volatile std::int32_t* wanted() {
  static const volatile std::int32_t* const words = [] {
    const char* const file = std::getenv("ROTA_FAULTS");
    if (!file) std::abort();
    const int descriptor = open(file, O_RDONLY | O_CLOEXEC);
    void* const memory = mmap(nullptr, faults * sizeof(std::int32_t), PROT_READ, MAP_SHARED, descriptor, 0);
    if (memory == MAP_FAILED) std::abort();
    close(descriptor);
    return static_cast<const volatile std::int32_t*>(memory);
  }();
  return words;
}

bool is_database(int descriptor) {
  std::array<char, 64> link{};
  std::array<char, 4096> target{};
  std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(link.data(), target.data(), target.size());
  return length > 0 && std::string_view{target.data(), static_cast<std::size_t>(length)}.find(".db") !=
                           std::string_view::npos;
}

bool fails(Fault fault, int descriptor) {
  const int error = wanted()[fault];
  if (error == 0 || !is_database(descriptor)) return false;
  errno = error;
  return true;
}

}  // namespace

extern "C" {

ssize_t read(int descriptor, void* buffer, size_t size) {
  static const auto next = next_function<decltype(read)>("read");
  return fails(reads, descriptor) ? -1 : next(descriptor, buffer, size);
}

ssize_t pread(int descriptor, void* buffer, size_t size, off_t offset) {
  static const auto next = next_function<decltype(pread)>("pread");
  return fails(reads, descriptor) ? -1 : next(descriptor, buffer, size, offset);
}

ssize_t pread64(int descriptor, void* buffer, size_t size, off64_t offset) {
  static const auto next = next_function<decltype(pread64)>("pread64");
  return fails(reads, descriptor) ? -1 : next(descriptor, buffer, size, offset);
}

ssize_t write(int descriptor, const void* buffer, size_t size) {
  static const auto next = next_function<decltype(write)>("write");
  return fails(writes, descriptor) ? -1 : next(descriptor, buffer, size);
}

ssize_t pwrite(int descriptor, const void* buffer, size_t size, off_t offset) {
  static const auto next = next_function<decltype(pwrite)>("pwrite");
  return fails(writes, descriptor) ? -1 : next(descriptor, buffer, size, offset);
}

ssize_t pwrite64(int descriptor, const void* buffer, size_t size, off64_t offset) {
  static const auto next = next_function<decltype(pwrite64)>("pwrite64");
  return fails(writes, descriptor) ? -1 : next(descriptor, buffer, size, offset);
}

int fsync(int descriptor) {
  static const auto next = next_function<decltype(fsync)>("fsync");
  return fails(syncs, descriptor) ? -1 : next(descriptor);
}

int fdatasync(int descriptor) {
  static const auto next = next_function<decltype(fdatasync)>("fdatasync");
  return fails(syncs, descriptor) ? -1 : next(descriptor);
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*function)(void*),
                   void* argument) {
  static const auto next = next_function<decltype(pthread_create)>("pthread_create");
  const int error = wanted()[threads];
  return error != 0 ? error : next(thread, attributes, function, argument);
}

int posix_spawn(pid_t* pid, const char* file, const posix_spawn_file_actions_t* actions,
                const posix_spawnattr_t* attributes, char* const* arguments, char* const* environment) {
  static const auto next = next_function<decltype(posix_spawn)>("posix_spawn");
  const int error = wanted()[processes];
  return error != 0 ? error : next(pid, file, actions, attributes, arguments, environment);
}
}
