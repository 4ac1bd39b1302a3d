// Where a test may make a file or a directory.
#pragma once

#include <array>
#include <cstdio>
#include <filesystem>
#include <random>
#include <string>

namespace rota {

// A path among the temporary files that nobody has had: a process id comes again, and with it what a test
// that was killed has left.
inline std::filesystem::path new_path(const std::string& name) {
  std::random_device random;
  std::array<char, 17> suffix{};
  std::snprintf(suffix.data(), suffix.size(), "%08x%08x", random(), random());
  return std::filesystem::temp_directory_path() / (name + "-" + suffix.data());
}

}  // namespace rota
