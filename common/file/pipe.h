// A pipe with an owner for each end.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <optional>

#include "common/file/descriptor.h"

namespace rota {

struct Pipe {
  Descriptor read;
  Descriptor write;
};

// Both ends are close-on-exec. nullopt where there can be none; errno says why. Any thread.
inline std::optional<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  return Pipe{Descriptor{ends[0]}, Descriptor{ends[1]}};
}

}  // namespace rota
