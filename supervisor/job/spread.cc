#include "supervisor/job/spread.h"

#include <cstdint>

#include "common/text/hash.h"

namespace rota {
std::chrono::seconds spread_offset(const std::string& job_name, std::chrono::seconds window) {
  if (window.count() <= 0) return std::chrono::seconds{0};
  return std::chrono::seconds{
      static_cast<std::int64_t>(stable_hash(job_name, 1) % static_cast<std::uint64_t>(window.count()))};
}

}  // namespace rota
