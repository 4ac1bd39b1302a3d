#include "supervisor/executor/posix_spawn.h"

#include <fcntl.h>

#include <csignal>
#include <system_error>

namespace rota {
namespace {

void check(int error, const std::string& what) {
  if (error != 0) throw std::system_error{error, std::generic_category(), what};
}

class Attributes {
 public:
  explicit Attributes(Apart apart) {
    check(posix_spawnattr_init(&attributes_), "posix_spawnattr_init");
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    const int flags = apart == Apart::session ? POSIX_SPAWN_SETSID : POSIX_SPAWN_SETPGROUP;
    check(posix_spawnattr_setflags(
              &attributes_, static_cast<short>(flags | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)),
          "posix_spawnattr_setflags");
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): posix_spawn(3) does not write to them
  for (const std::string& text : texts) all.push_back(const_cast<char*>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

}  // namespace

SpawnDescriptors::SpawnDescriptors() {
  check(posix_spawn_file_actions_init(&actions_), "posix_spawn_file_actions_init");
}

SpawnDescriptors::~SpawnDescriptors() { posix_spawn_file_actions_destroy(&actions_); }

void SpawnDescriptors::open_as(int number, const char* file) {
  check(posix_spawn_file_actions_addopen(&actions_, number, file, O_RDWR, 0),
        "posix_spawn_file_actions_addopen");
}

void SpawnDescriptors::put(const Descriptor& descriptor, int number) {
  check(posix_spawn_file_actions_adddup2(&actions_, descriptor.get(), number),
        "posix_spawn_file_actions_adddup2");
}

void SpawnDescriptors::close_from(int number) {
  check(posix_spawn_file_actions_addclosefrom_np(&actions_, number),
        "posix_spawn_file_actions_addclosefrom_np");
}

int spawn_program(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
                  const SpawnDescriptors& descriptors, Apart apart) {
  const Attributes attributes{apart};
  int pid = 0;
  check(posix_spawn(&pid, arguments.front().c_str(), descriptors.get(), attributes.get(),
                    pointers(arguments).data(), pointers(environment).data()),
        "cannot start " + arguments.front());
  return pid;
}

}  // namespace rota
