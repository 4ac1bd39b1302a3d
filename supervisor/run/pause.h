// A pause as the store, the rules and the HTTP interface share it. Values only.
#pragma once

#include <string>
#include <string_view>

#include "common/time/instant.h"

namespace rota {

// Who has paused what. A paused job fires nothing by schedule, dependency or retry.
struct Pause {
  enum class Scope { job, group, all };
  Scope scope = Scope::job;
  std::string name;  // of the job or group; empty for all
  std::string paused_by;
  Instant paused_at{};
};

// The words of the database and the HTTP interface.
std::string_view to_string(Pause::Scope scope);

}  // namespace rota
