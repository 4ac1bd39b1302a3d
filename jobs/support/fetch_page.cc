#include "jobs/support/fetch_page.h"

#include <curl/curl.h>

#include <memory>
#include <mutex>

namespace rota::jobs {
namespace {

constexpr std::size_t kLongestBody = 16U << 20;
constexpr int kLookForStop_ms = 50;

using Easy = std::unique_ptr<CURL, void (*)(CURL*)>;
using Multi = std::unique_ptr<CURLM, CURLMcode (*)(CURLM*)>;

std::size_t take_bytes(char* bytes, std::size_t size, std::size_t count, void* body) {
  auto& text = *static_cast<std::string*>(body);
  if (text.size() + size * count > kLongestBody) return 0;
  text.append(bytes, size * count);
  return size * count;
}

Easy request_for(const std::string& url, std::chrono::milliseconds timeout, std::string& body) {
  Easy easy{curl_easy_init(), curl_easy_cleanup};
  curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy.get(), CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy.get(), CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_MAXREDIRS, 5L);
  curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(easy.get(), CURLOPT_USERAGENT, "rota-example-jobs");
  curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, take_bytes);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &body);
  return easy;
}

// Through the multi interface, whose wait can be left for a look at the stop token.
// False if the stop came first.
bool perform(CURLM* multi, const std::stop_token& stop) {
  int running = 1;
  while (running > 0) {
    if (stop.stop_requested()) return false;
    curl_multi_perform(multi, &running);
    if (running > 0) curl_multi_poll(multi, nullptr, 0, kLookForStop_ms, nullptr);
  }
  return true;
}

CURLcode outcome_of(CURLM* multi) {
  int left = 0;
  const CURLMsg* message = curl_multi_info_read(multi, &left);
  return message ? message->data.result : CURLE_RECV_ERROR;
}

}  // namespace

FetchedPage fetch_page(const std::string& url, std::chrono::milliseconds timeout,
                       const std::stop_token& stop) {
  static std::once_flag initialised;
  std::call_once(initialised, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  FetchedPage page;
  const Easy easy = request_for(url, timeout, page.body);
  const Multi multi{curl_multi_init(), curl_multi_cleanup};
  curl_multi_add_handle(multi.get(), easy.get());
  page.stopped = !perform(multi.get(), stop);
  if (!page.stopped) {
    const CURLcode code = outcome_of(multi.get());
    long status = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK)
      page.error = curl_easy_strerror(code);
    else if (status != 200)
      page.error = "HTTP status " + std::to_string(status);
  }
  curl_multi_remove_handle(multi.get(), easy.get());
  return page;
}

}  // namespace rota::jobs
