// The bounds within which the HTTP server serves, so that no client can take more
// than its part. Values; the defaults are those of the daemon, tests set others.
#pragma once

#include <chrono>
#include <cstddef>

namespace rota {

struct HttpLimits {
  std::size_t header_bytes = std::size_t{8} * 1024;  // request line included
  std::size_t body_bytes = std::size_t{64} * 1024;
  std::size_t connections = 256;  // served at once
  std::size_t turned_away = 32;   // told so by a 503 at once; beyond them a connection is just closed
  std::chrono::milliseconds idle = std::chrono::seconds{30};    // for a request to begin
  std::chrono::milliseconds header = std::chrono::seconds{10};  // for its header to arrive
  std::chrono::milliseconds body = std::chrono::seconds{30};    // for its body to arrive
  std::chrono::milliseconds answer = std::chrono::seconds{30};  // for the supervisor to answer
  std::chrono::milliseconds lengthy_answer =
      std::chrono::minutes{10};  // for what takes the longer the more history there is
  std::chrono::milliseconds write = std::chrono::seconds{30};  // for the client to take one more piece
  std::chrono::milliseconds linger =
      std::chrono::seconds{2};                               // for the client to close after the last answer
  std::chrono::milliseconds stop = std::chrono::seconds{3};  // for answers under way when the server stops
};

}  // namespace rota
