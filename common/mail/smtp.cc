#include "common/mail/smtp.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <mutex>
#include <string_view>

namespace rota {
namespace {

constexpr long kConnectSeconds = 10;
constexpr long kTotalSeconds = 30;

using Handle = std::unique_ptr<CURL, void (*)(CURL*)>;
using List = std::unique_ptr<curl_slist, void (*)(curl_slist*)>;

std::size_t read_message(char* buffer, std::size_t size, std::size_t count, void* rest_of_message) {
  auto& rest = *static_cast<std::string_view*>(rest_of_message);
  const std::size_t length = std::min(size * count, rest.size());
  std::memcpy(buffer, rest.data(), length);
  rest.remove_prefix(length);
  return length;
}

List list_of(const std::vector<std::string>& texts) {
  curl_slist* list = nullptr;
  for (const std::string& text : texts) list = curl_slist_append(list, ("<" + text + ">").c_str());
  return {list, curl_slist_free_all};
}

std::string url_of(const SmtpServer& server) {
  const bool ipv6 = server.host.find(':') != std::string::npos;
  return std::string{server.security == SmtpSecurity::tls ? "smtps://" : "smtp://"} +
         (ipv6 ? "[" + server.host + "]" : server.host) + ":" + std::to_string(server.port);
}

void set_security(CURL* handle, const SmtpServer& server) {
  if (server.security == SmtpSecurity::starttls)
    curl_easy_setopt(handle, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  if (!server.ca_file.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, server.ca_file.c_str());
  if (server.username.empty()) return;
  curl_easy_setopt(handle, CURLOPT_USERNAME, server.username.c_str());
  curl_easy_setopt(handle, CURLOPT_PASSWORD, server.password.c_str());
}

}  // namespace

SendResult send_message(const SmtpServer& server, const std::string& sender,
                        const std::vector<std::string>& recipients, const std::string& message) {
  static std::once_flag initialised;
  std::call_once(initialised, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  const Handle handle{curl_easy_init(), curl_easy_cleanup};
  if (!handle) return {"libcurl could not be started", false};
  const List to = list_of(recipients);
  std::string_view rest = message;
  std::array<char, CURL_ERROR_SIZE> reason{};
  curl_easy_setopt(handle.get(), CURLOPT_ERRORBUFFER, reason.data());
  curl_easy_setopt(handle.get(), CURLOPT_URL, url_of(server).c_str());
  curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(handle.get(), CURLOPT_TIMEOUT, kTotalSeconds);
  curl_easy_setopt(handle.get(), CURLOPT_MAIL_FROM, ("<" + sender + ">").c_str());
  curl_easy_setopt(handle.get(), CURLOPT_MAIL_RCPT, to.get());
  curl_easy_setopt(handle.get(), CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_READFUNCTION, read_message);
  curl_easy_setopt(handle.get(), CURLOPT_READDATA, &rest);
  set_security(handle.get(), server);
  const CURLcode code = curl_easy_perform(handle.get());
  if (code == CURLE_OK) return {};
  long answer = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &answer);
  return {"mail server " + server.host + ":" + std::to_string(server.port) + ": " +
              (reason[0] != '\0' ? reason.data() : curl_easy_strerror(code)) +
              (answer > 0 ? " (answer " + std::to_string(answer) + ")" : ""),
          answer >= 500 && answer < 600};
}

}  // namespace rota
