// Where a test may make a file or a directory.
#pragma once

#include <array>
#include <cstdio>
#include <filesystem>
#include <random>
#include <string>
#include <system_error>

namespace rota {

// A path among the temporary files that nobody has had: a process id comes again, and with it what a test
// that was killed has left.
inline std::filesystem::path new_path(const std::string& name) {
  std::random_device random;
  std::array<char, 17> suffix{};
  std::snprintf(suffix.data(), suffix.size(), "%08x%08x", random(), random());
  return std::filesystem::temp_directory_path() / (name + "-" + suffix.data());
}

// A directory that is closed to others, and gone with the value.
class OwnDirectory {
 public:
  explicit OwnDirectory(const std::string& name) : path_{new_path(name)} {
    std::filesystem::create_directory(path_);
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
  }
  OwnDirectory(const OwnDirectory&) = delete;
  OwnDirectory& operator=(const OwnDirectory&) = delete;
  ~OwnDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace rota
