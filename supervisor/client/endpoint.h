// Where the supervisor is and as whom to ask it: chosen from the command line and the
// environment.
#pragma once

#include <string>

namespace rota {

struct Endpoint {
  std::string socket;  // path of the Unix socket; empty: `url` is used
  std::string url;     // "http://…" or "https://…", without a slash at its end
  std::string token;   // for `url`; empty: none
};

// What the command line says; empty: nothing.
struct EndpointOptions {
  std::string socket;
  std::string url;
  std::string token_file;
};

// The command line goes before the environment (ROTA_URL, ROTA_SOCKET, ROTA_TOKEN_FILE,
// ROTA_TOKEN), a URL of the environment before a socket of it; without any it is
// /run/rota/rota.sock. Reads the token's file. Throws ClientError: usage for words that
// contradict each other, no URL, or a token file that cannot be read, that others can read
// too, or that holds no token.
Endpoint choose_endpoint(const EndpointOptions& options);

}  // namespace rota
