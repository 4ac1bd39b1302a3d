// Fetches a page over HTTP, for as long as the run may go on.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>

namespace rota::jobs {

struct FetchedPage {
  std::string body;
  std::string error;  // empty: the body is complete
  bool stopped = false;
};

// Waits at most `timeout`, less if a stop is requested. An answer that is not 200, is cut
// off or is longer than 16 MiB is an error. Any thread.
FetchedPage fetch_page(const std::string& url, std::chrono::milliseconds timeout,
                       const std::stop_token& stop);

}  // namespace rota::jobs
