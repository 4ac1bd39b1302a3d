// What each fuzzer of this folder has: one function that takes any bytes and ends the process
// when a promise is broken. libFuzzer calls it with what it makes up (`run`), feed_corpus.cc
// with the files of the corpus.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

// The name and the signature are libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace rota {

// Ends the process with `promise` unless `kept`; the fuzzer then keeps the input.
inline void require(bool kept, std::string_view promise, std::string_view input) {
  if (kept) return;
  std::fprintf(stderr, "broken: %.*s\ninput: %.*s\n", static_cast<int>(promise.size()), promise.data(),
               static_cast<int>(input.size()), input.data());
  std::abort();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// A directory for the files of this process, closed to others and removed at its end.
class OwnDirectory {
 public:
  OwnDirectory() : path_{(std::filesystem::temp_directory_path() / "rota-fuzz-XXXXXX").string()} {
    if (!mkdtemp(path_.data())) std::abort();
  }
  OwnDirectory(const OwnDirectory&) = delete;
  OwnDirectory& operator=(const OwnDirectory&) = delete;
  ~OwnDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::filesystem::path operator/(const char* name) const { return std::filesystem::path{path_} / name; }
  std::filesystem::path path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace rota
