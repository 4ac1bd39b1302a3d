#include "supervisor/daemon/orderly_stop.h"

#include <spdlog/spdlog.h>

namespace rota {
namespace {

// For a database that cannot be written when all runs have ended.
constexpr std::chrono::seconds kDatabasePatience{5};

}  // namespace

void OrderlyStop::begin(const std::vector<HttpServer*>& servers) {
  has_begun_ = true;
  parts_.begins();
  parts_.supervisor.stop_firing();
  // Who was let in is answered as ever, so that a restart refuses no request.
  open_servers_ = servers.size() + 1;
  for (HttpServer* const server : servers) server->stop([this] { server_stopped(); });
  server_stopped();
  limit_.expires_after(kLimit);
  limit_.async_wait([this](boost::system::error_code error) {
    if (!error) parts_.loop.stop();
  });
}

void OrderlyStop::server_stopped() {
  if (--open_servers_ > 0) return;
  parts_.supervisor.shut_down([this] { complete(); });
  give_up_on_database();
}

void OrderlyStop::complete() {
  is_complete_ = true;
  parts_.loop.stop();
}

// Once no run is left, only the database can be waited for, which may be away for long. What it does not
// have at the end is found by the next start.
void OrderlyStop::give_up_on_database() {
  database_limit_.expires_after(kDatabasePatience);
  database_limit_.async_wait([this](boost::system::error_code error) {
    if (error) return;
    if (parts_.store.healthy() || parts_.processes.active() > 0 || parts_.threads.active() > 0)
      return give_up_on_database();
    spdlog::error("stopping without the last rows: {}", parts_.store.trouble());
    complete();
  });
}

}  // namespace rota
