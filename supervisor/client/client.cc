#include "supervisor/client/client.h"

#include <curl/curl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "supervisor/client/advice.h"
#include "supervisor/client/client_error.h"

namespace rota {

// One request on its way: what the callbacks of libcurl fill.
struct Client::Transfer {
  CURL* handle = nullptr;
  int descriptor = -1;  // where a body goes; -1: to `answer`
  int write_error = 0;  // errno of writing there
  ClientAnswer answer;
};

namespace {

constexpr long kConnectSeconds = 10;
// Reload, prune and backup wait for the disk.
constexpr std::chrono::seconds kLongestPost{600};
constexpr std::chrono::seconds kLongestGet{60};
constexpr std::chrono::seconds kLongestDownload{24 * 3600};

using Headers = std::unique_ptr<curl_slist, void (*)(curl_slist*)>;

int status_of(CURL* handle) {
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

bool is_success(int status) { return status >= 200 && status < 300; }

bool write_whole(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

template <typename Transfer>
std::size_t take_body(char* buffer, std::size_t size, std::size_t count, void* given) {
  auto& transfer = *static_cast<Transfer*>(given);
  const std::string_view bytes{buffer, size * count};
  if (transfer.descriptor < 0 || !is_success(status_of(transfer.handle))) {
    transfer.answer.body += bytes;
  } else if (!write_whole(transfer.descriptor, bytes)) {
    transfer.write_error = errno;
    return 0;  // libcurl gives up
  }
  return bytes.size();
}

template <typename Transfer>
std::size_t take_header(char* buffer, std::size_t size, std::size_t count, void* given) {
  const std::string_view line{buffer, size * count};
  const auto colon = line.find(':');
  if (colon != line.npos) {
    std::string name{line.substr(0, colon)};
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    const auto begin = line.find_first_not_of(" \t", colon + 1);
    const auto end = line.find_last_not_of(" \t\r\n");
    static_cast<Transfer*>(given)->answer.headers[name] =
        begin == line.npos || end < begin ? "" : std::string{line.substr(begin, end - begin + 1)};
  }
  return line.size();
}

Headers headers_of(const Endpoint& endpoint) {
  curl_slist* list = curl_slist_append(nullptr, "Content-Type: application/json");
  if (!endpoint.token.empty())
    list = curl_slist_append(list, ("Authorization: Bearer " + endpoint.token).c_str());
  return {list, curl_slist_free_all};
}

}  // namespace

Client::Client(Endpoint endpoint) : endpoint_{std::move(endpoint)}, handle_{nullptr, curl_easy_cleanup} {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  handle_.reset(curl_easy_init());
  if (!handle_) throw ClientError{ClientExit::unreachable, "libcurl could not be started"};
}

Client::~Client() = default;

ClientAnswer Client::get(const std::string& target) {
  Transfer transfer;
  curl_easy_setopt(handle_.get(), CURLOPT_HTTPGET, 1L);
  perform(target, kLongestGet, transfer);
  return std::move(transfer.answer);
}

ClientAnswer Client::post(const std::string& target, const std::string& body) {
  Transfer transfer;
  curl_easy_setopt(handle_.get(), CURLOPT_POST, 1L);
  curl_easy_setopt(handle_.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
  curl_easy_setopt(handle_.get(), CURLOPT_POSTFIELDS, body.c_str());
  perform(target, kLongestPost, transfer);
  return std::move(transfer.answer);
}

void Client::download(const std::string& target, int descriptor) {
  Transfer transfer;
  transfer.descriptor = descriptor;
  curl_easy_setopt(handle_.get(), CURLOPT_HTTPGET, 1L);
  perform(target, kLongestDownload, transfer);
}

void Client::perform(const std::string& target, std::chrono::seconds longest, Transfer& transfer) {
  CURL* handle = handle_.get();
  transfer.handle = handle;
  const Headers headers = headers_of(endpoint_);
  std::array<char, CURL_ERROR_SIZE> reason{};
  // The host is of no meaning to the socket, but a request must name one.
  const std::string url = (endpoint_.socket.empty() ? endpoint_.url : "http://localhost") + target;
  if (!endpoint_.socket.empty()) curl_easy_setopt(handle, CURLOPT_UNIX_SOCKET_PATH, endpoint_.socket.c_str());
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);  // a job may be named ".."
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT, static_cast<long>(longest.count()));
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, reason.data());
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body<Transfer>);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header<Transfer>);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &transfer);
  const CURLcode code = curl_easy_perform(handle);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, nullptr);
  if (transfer.write_error != 0) throw std::system_error{transfer.write_error, std::generic_category()};
  if (code != CURLE_OK) {
    long error_number = 0;
    if (code == CURLE_COULDNT_CONNECT) curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &error_number);
    throw ClientError{ClientExit::unreachable,
                      unreachable_text(endpoint_, static_cast<int>(error_number),
                                       reason[0] != '\0' ? reason.data() : curl_easy_strerror(code))};
  }
  const int status = status_of(handle);
  if (!is_success(status))
    throw Refused{status, refused_text(endpoint_, status, target, transfer.answer.body)};
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kUnreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char letter : text) {
    if (kUnreserved.find(letter) != kUnreserved.npos) {
      encoded += letter;
      continue;
    }
    const auto byte = static_cast<unsigned char>(letter);
    encoded += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return encoded;
}

}  // namespace rota
