#include "supervisor/cli/run_pages.h"

#include <algorithm>

#include "supervisor/cli/json_fields.h"

namespace rota {
namespace {

constexpr int kLongestPage = 1000;

std::string target_of(const RunFilter& filter, int limit) {
  std::string target = "/scheduler/runs?limit=" + std::to_string(limit);
  if (!filter.job.empty()) target += "&job=" + percent_encoded(filter.job);
  if (!filter.state.empty()) target += "&state=" + percent_encoded(filter.state);
  if (!filter.since.empty()) target += "&since=" + percent_encoded(filter.since);
  if (filter.before > 0) target += "&before=" + std::to_string(filter.before);
  return target;
}

}  // namespace

RunPages fetch_runs(Client& client, RunFilter filter) {
  RunPages pages;
  for (int left = filter.limit; left > 0;) {
    const auto answer = parse_object(client.get(target_of(filter, std::min(left, kLongestPage))).body);
    const auto runs = objects_member(answer, "runs");
    pages.runs.insert(pages.runs.end(), runs.begin(), runs.end());
    const auto next = number_member(answer, "next_before");
    pages.next_before = next ? boost::json::value(*next) : boost::json::value(nullptr);
    if (!next || runs.empty()) break;
    filter.before = *next;
    left = filter.limit - static_cast<int>(pages.runs.size());
  }
  return pages;
}

}  // namespace rota
