#include "common/protocol/fork_request.h"

#include <charconv>

namespace rota {

// Three texts with a zero byte between them, which none of them can hold: a number, the name of a job and a
// path.
std::optional<std::string> encode(const ForkRequest& request) {
  std::string datagram = std::to_string(request.run_id);
  for (const std::string& text : {request.job, request.module}) {
    datagram += '\0';
    datagram += text;
  }
  if (datagram.size() > kMaximumForkRequestBytes) return std::nullopt;
  return datagram;
}

std::optional<ForkRequest> decode_fork_request(std::string_view datagram) {
  const auto job = datagram.find('\0');
  if (job == std::string_view::npos) return std::nullopt;
  const auto module = datagram.find('\0', job + 1);
  if (module == std::string_view::npos) return std::nullopt;
  ForkRequest request;
  const char* const end = datagram.data() + job;
  const auto [rest, error] = std::from_chars(datagram.data(), end, request.run_id);
  if (error != std::errc{} || rest != end) return std::nullopt;
  request.job = datagram.substr(job + 1, module - job - 1);
  request.module = datagram.substr(module + 1);
  return request;
}

}  // namespace rota
