#include "supervisor/cli/run_follow.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include "supervisor/cli/json_fields.h"
#include "supervisor/cli/run_tracker.h"
#include "supervisor/client/client_error.h"

namespace rota {
namespace {

constexpr std::chrono::seconds kBetweenLooks{1};
constexpr int kPage = 1000;

using Runs = std::vector<boost::json::object>;

std::int64_t newest_id(Client& client, const std::string& job) {
  const auto newest = fetch_runs(client, {.job = job, .limit = 1}).runs;
  return newest.empty() ? 0 : number_member(newest.front(), "id").value_or(0);
}

// What is active is noted before the latest runs are read: whatever ends in between is then seen
// in the latter.
RunTracker begin(Client& client, const RunFilter& filter, const std::function<void(const Runs&)>& show) {
  RunTracker tracker{newest_id(client, filter.job)};
  RunFilter latest = filter;
  latest.before = tracker.newest() + 1;
  for (const char* state : {"queued", "running"})
    for (const auto& run :
         fetch_runs(client, {.job = filter.job, .state = state, .limit = kPage, .before = latest.before})
             .runs)
      tracker.note(run);
  Runs runs = fetch_runs(client, latest).runs;
  std::reverse(runs.begin(), runs.end());
  for (const auto& run : runs) tracker.note(run);
  show(runs);
  return tracker;
}

Runs look(Client& client, const std::string& job, const RunTracker& tracker) {
  Runs seen;
  RunFilter filter{.job = job, .limit = 100};
  for (;;) {
    const RunPages page = fetch_runs(client, filter);
    for (const auto& run : page.runs)
      if (number_member(run, "id").value_or(0) > tracker.newest()) seen.push_back(run);
    const bool reaches =
        page.runs.empty() || number_member(page.runs.back(), "id").value_or(0) <= tracker.newest();
    if (reaches || !page.next_before.is_int64()) break;
    filter.before = page.next_before.as_int64();
  }
  for (const std::int64_t id : tracker.active()) try {
      seen.push_back(parse_object(client.get("/scheduler/runs/" + std::to_string(id)).body));
    } catch (const Refused& refused) {
      if (refused.status() != 404) throw;  // pruned meanwhile
    }
  return seen;
}

}  // namespace

void follow_runs(Client& client, const RunFilter& filter, const std::function<void(const Runs&)>& show) {
  RunTracker tracker = begin(client, filter, show);
  for (;;) {
    std::this_thread::sleep_for(kBetweenLooks);
    Runs news = tracker.take(look(client, filter.job, tracker));
    if (!filter.state.empty())
      std::erase_if(news, [&](const auto& run) { return text_member(run, "state") != filter.state; });
    if (!news.empty()) show(news);
  }
}

}  // namespace rota
