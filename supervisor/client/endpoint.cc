#include "supervisor/client/endpoint.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "supervisor/client/client_error.h"

namespace rota {
namespace {

constexpr const char* kDefaultSocket = "/run/rota/rota.sock";

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// What is sent in a header may hold no line break.
std::string checked_token(std::string text, const std::string& place) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  const bool good =
      !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (!good)
    throw ClientError{ClientExit::usage,
                      place + ": expected one token and nothing else, as rota token prints it"};
  return text;
}

std::string token_of_file(const std::string& file) {
  struct stat status {};
  std::ifstream stream{file, std::ios::binary};
  if (!stream || stat(file.c_str(), &status) != 0)
    throw ClientError{ClientExit::usage, "token file " + file + ": cannot be read"};
  if ((status.st_mode & S_IROTH) != 0)
    throw ClientError{
        ClientExit::usage,
        "token file " + file + ": everyone can read it; take that away with: chmod o-r " + file};
  return checked_token({std::istreambuf_iterator<char>{stream}, {}}, "token file " + file);
}

std::string chosen_token(const EndpointOptions& options) {
  if (!options.token_file.empty()) return token_of_file(options.token_file);
  if (const std::string file = environment("ROTA_TOKEN_FILE"); !file.empty()) return token_of_file(file);
  const std::string token = environment("ROTA_TOKEN");
  return token.empty() ? token : checked_token(token, "ROTA_TOKEN");
}

std::string checked_url(std::string url) {
  if (!url.starts_with("http://") && !url.starts_with("https://"))
    throw ClientError{
        ClientExit::usage,
        "URL \"" + url + "\": expected http:// or https:// with a host, such as http://127.0.0.1:8642"};
  while (url.ends_with('/')) url.pop_back();
  return url;
}

}  // namespace

Endpoint choose_endpoint(const EndpointOptions& options) {
  if (!options.url.empty() && !options.socket.empty())
    throw ClientError{ClientExit::usage, "--socket and --url: expected one of them"};
  const std::string url =
      options.url.empty() && options.socket.empty() ? environment("ROTA_URL") : options.url;
  if (!url.empty()) return {{}, checked_url(url), chosen_token(options)};
  if (!options.token_file.empty())
    throw ClientError{ClientExit::usage, "--token-file: expected --url with it; the socket needs no token"};
  const std::string socket = options.socket.empty() ? environment("ROTA_SOCKET") : options.socket;
  return {socket.empty() ? kDefaultSocket : socket, {}, {}};
}

}  // namespace rota
