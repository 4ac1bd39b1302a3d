// Starts a program without copying the supervisor's page tables: glibc's posix_spawn(3) clones with shared
// memory. What it is given is said one by one.
#pragma once

#include <spawn.h>

#include <string>
#include <vector>

#include "common/file/descriptor.h"

namespace rota {

// The descriptors of the program that is to be started. Each function throws std::system_error.
class SpawnDescriptors {
 public:
  SpawnDescriptors();
  SpawnDescriptors(const SpawnDescriptors&) = delete;
  SpawnDescriptors& operator=(const SpawnDescriptors&) = delete;
  ~SpawnDescriptors();

  void open_as(int number, const char* file);
  void put(const Descriptor& descriptor, int number);
  void close_from(int number);
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

// What it is apart from its starter in: a process group of its own, or a session and a group.
enum class Apart { group, session };

// Runs the program that the first argument names, with default signal handling. Returns its process id.
// Throws std::system_error that names the program.
int spawn_program(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
                  const SpawnDescriptors& descriptors, Apart apart);

}  // namespace rota
