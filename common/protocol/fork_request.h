// What the supervisor asks of its fork server (worker/fork_server.h), and the answer: a datagram each, over a
// socket between two programs of one build. Pure: text in, values out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rota {

// Fork a worker for this run. With it come three descriptors, unix(7), in the order of ForkDescriptors.
struct ForkRequest {
  std::int64_t run_id = 0;
  std::string job;
  std::string module;  // path of the shared object; empty: the start message holds a command
  bool operator==(const ForkRequest&) const = default;
};

// The worker's ends: its standard output and error, what it reads as descriptor 3, what it writes as
// descriptor 4.
enum ForkDescriptors : unsigned { kForkOutput, kForkCommands, kForkMessages, kForkDescriptors };

// The worker is a child of the supervisor when the answer comes.
struct ForkAnswer {
  std::int32_t pid = 0;
  std::int32_t error = 0;  // of fork(2); then there is no worker
};

inline constexpr std::size_t kMaximumForkRequestBytes = std::size_t{8} * 1024;

// nullopt if it is longer than a request may be.
std::optional<std::string> encode(const ForkRequest& request);

// nullopt for what is no request.
std::optional<ForkRequest> decode_fork_request(std::string_view datagram);

}  // namespace rota
