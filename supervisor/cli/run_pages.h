// The history in the supervisor's pages.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "supervisor/client/client.h"

namespace rota {

struct RunFilter {
  std::string job = {};    // empty: any
  std::string state = {};  // empty: any
  std::string since = {};  // RFC 3339; empty: from the beginning
  int limit = 50;
  std::int64_t before = 0;  // only ids below; 0: any
};

struct RunPages {
  std::vector<boost::json::object> runs;  // newest first
  boost::json::value next_before;         // as the supervisor says it of the last page
};

// As many pages as it takes for `limit` runs. Throws as Client does.
RunPages fetch_runs(Client& client, RunFilter filter);

}  // namespace rota
