#include "common/mail/smtp.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string_view>

#include "common/mail/curl_library.h"

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

List list_of(const CurlLibrary& curl, const std::vector<std::string>& texts) {
  curl_slist* list = nullptr;
  for (const std::string& text : texts) list = curl.slist_append(list, ("<" + text + ">").c_str());
  return {list, curl.slist_free_all};
}

std::string url_of(const SmtpServer& server) {
  const bool ipv6 = server.host.find(':') != std::string::npos;
  return std::string{server.security == SmtpSecurity::tls ? "smtps://" : "smtp://"} +
         (ipv6 ? "[" + server.host + "]" : server.host) + ":" + std::to_string(server.port);
}

void set_security(const CurlLibrary& curl, CURL* handle, const SmtpServer& server) {
  if (server.security == SmtpSecurity::starttls)
    curl.easy_setopt(handle, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  if (!server.ca_file.empty()) curl.easy_setopt(handle, CURLOPT_CAINFO, server.ca_file.c_str());
  if (server.username.empty()) return;
  curl.easy_setopt(handle, CURLOPT_USERNAME, server.username.c_str());
  curl.easy_setopt(handle, CURLOPT_PASSWORD, server.password.c_str());
}

SendResult send_by(const CurlLibrary& curl, const SmtpServer& server, const std::string& sender,
                   const std::vector<std::string>& recipients, const std::string& message) {
  const Handle handle{curl.easy_init(), curl.easy_cleanup};
  if (!handle) return {"libcurl could not be started", false};
  const List to = list_of(curl, recipients);
  std::string_view rest = message;
  std::array<char, CURL_ERROR_SIZE> reason{};
  curl.easy_setopt(handle.get(), CURLOPT_ERRORBUFFER, reason.data());
  curl.easy_setopt(handle.get(), CURLOPT_URL, url_of(server).c_str());
  curl.easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
  curl.easy_setopt(handle.get(), CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl.easy_setopt(handle.get(), CURLOPT_TIMEOUT, kTotalSeconds);
  curl.easy_setopt(handle.get(), CURLOPT_MAIL_FROM, ("<" + sender + ">").c_str());
  curl.easy_setopt(handle.get(), CURLOPT_MAIL_RCPT, to.get());
  curl.easy_setopt(handle.get(), CURLOPT_UPLOAD, 1L);
  curl.easy_setopt(handle.get(), CURLOPT_READFUNCTION, read_message);
  curl.easy_setopt(handle.get(), CURLOPT_READDATA, &rest);
  set_security(curl, handle.get(), server);
  const CURLcode code = curl.easy_perform(handle.get());
  if (code == CURLE_OK) return {};
  long answer = 0;
  curl.easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &answer);
  return {"mail server " + server.host + ":" + std::to_string(server.port) + ": " +
              (reason[0] != '\0' ? reason.data() : curl.easy_strerror(code)) +
              (answer > 0 ? " (answer " + std::to_string(answer) + ")" : ""),
          answer >= 500 && answer < 600};
}

}  // namespace

SendResult send_message(const SmtpServer& server, const std::string& sender,
                        const std::vector<std::string>& recipients, const std::string& message) {
  try {
    return send_by(curl_library(), server, sender, recipients, message);
  } catch (const std::runtime_error& error) {
    return {error.what(), false};
  }
}

}  // namespace rota
