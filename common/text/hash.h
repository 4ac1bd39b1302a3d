// A hash of text that is the same on every machine and in every version: for what is
// drawn from a name and must not change at a restart. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace rota {

// FNV-1a over the text, then the finaliser of SplitMix64 with `index`, so that
// neighbours in either have unlike values.
inline std::uint64_t stable_hash(std::string_view text, std::uint64_t index) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char letter : text) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3U;
  hash += 0x9e3779b97f4a7c15U * index;
  hash = (hash ^ hash >> 30U) * 0xbf58476d1ce4e5b9U;
  hash = (hash ^ hash >> 27U) * 0x94d049bb133111ebU;
  return hash ^ hash >> 31U;
}

}  // namespace rota
