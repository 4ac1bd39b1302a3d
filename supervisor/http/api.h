// Answers requests by asking the supervisor. Event loop's thread.
#pragma once

#include <chrono>
#include <functional>

#include "supervisor/http/access.h"
#include "supervisor/http/message.h"
#include "supervisor/http/scheduler_api.h"

namespace rota {

// `done` is called once, before this returns or later. `request` lives until it returns,
// `access` and `scheduler` until `done` is called. Throws what `scheduler` throws.
void answer_request(const HttpRequest& request, const Access& access, SchedulerApi& scheduler,
                    std::chrono::system_clock::time_point now, std::function<void(HttpAnswer)> done);

}  // namespace rota
