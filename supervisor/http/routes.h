// From a request line to what is asked for. Pure.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "supervisor/http/message.h"
#include "supervisor/store/run_store.h"

namespace rota {

struct AskHealth {};
struct AskJobs {};
struct AskRuns {
  RunQuery query;
};
struct AskRun {
  RunId id = 0;
};
struct AskLog {
  RunId id = 0;
};
struct TriggerJob {
  std::string name;
};
using Ask = std::variant<AskHealth, AskJobs, AskRuns, AskRun, AskLog, TriggerJob>;

// What is asked for, or the answer to a request that asks for nothing that is here:
// 404, 405 with Allow, 400 for a query that is wrong. HEAD is read as GET.
std::variant<Ask, HttpAnswer> route(std::string_view method, std::string_view target);

}  // namespace rota
