// Starts a worker process without copying the supervisor's page tables.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace rota {

// Owns a file descriptor; -1 is none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_{number} {}
  Descriptor(Descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();

  int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_ = -1;
};

// The supervisor's ends are close-on-exec and do not block.
struct SpawnedWorker {
  int pid = 0;
  Descriptor exit;      // pidfd: readable once the process has ended
  Descriptor output;    // its standard output and error
  Descriptor messages;  // from its descriptor 4
  Descriptor commands;  // to its descriptor 3
};

// Runs a program in a session and process group of its own, with /dev/null as
// standard input, every other descriptor but 0 to 4 closed, and default signal
// handling. Throws std::system_error that names the program.
SpawnedWorker spawn_worker(const std::vector<std::string>& arguments,
                           const std::vector<std::string>& environment);

}  // namespace rota
