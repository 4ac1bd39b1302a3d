// Answers requests by asking the supervisor. Event loop's thread.
#pragma once

#include <functional>

#include "supervisor/http/access.h"
#include "supervisor/http/message.h"
#include "supervisor/http/scheduler_api.h"

namespace rota {

// `done` is called once, before this returns or later. `access` and `scheduler` live until then.
void answer_request(const HttpRequest& request, const Access& access, SchedulerApi& scheduler,
                    std::function<void(HttpAnswer)> done);

}  // namespace rota
