// From a request line to what is asked for. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "supervisor/http/access.h"
#include "supervisor/http/message.h"
#include "supervisor/store/run_store.h"

namespace rota {

struct AskHealth {};
struct AskStatus {};
struct AskJobs {};
struct AskJob {
  std::string name;
};
struct AskRuns {
  RunQuery query;
};
struct AskRun {
  RunId id = 0;
};
struct AskLog {
  RunId id = 0;
  std::uint64_t offset = 0;  // in bytes
};
struct AskBackup {};
struct TriggerJob {
  std::string name;
};
struct CancelRun {
  RunId id = 0;
};
struct PauseJobs {};
struct ResumeJobs {};
struct Reload {};
struct Prune {};
using Ask = std::variant<AskHealth, AskStatus, AskJobs, AskJob, AskRuns, AskRun, AskLog, AskBackup,
                         TriggerJob, CancelRun, PauseJobs, ResumeJobs, Reload, Prune>;

// What is asked for, and the right that it needs.
struct Routed {
  Ask ask;
  Right right = Right::admin;
};

// What is asked for, or the answer to a request that asks for nothing that is here:
// 404, 405 with Allow, 400 for a query that is wrong. HEAD is read as GET.
std::variant<Routed, HttpAnswer> route(std::string_view method, std::string_view target);

// True for what takes the longer the more history there is: a backup, pruning, a reload.
bool is_lengthy(std::string_view target);

}  // namespace rota
