// What each fuzzer of this folder has: one function that takes any bytes and ends the process
// when a promise is broken. libFuzzer calls it with what it makes up (`run`), feed_corpus.cc
// with the files of the corpus.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

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

}  // namespace rota
