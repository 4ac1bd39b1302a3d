#include "supervisor/job/check_policies.h"

#include <chrono>

#include "common/text/nearest_word.h"

namespace rota {
namespace {

using std::chrono::milliseconds;
using Faults = std::vector<std::string>;

void expect(bool good, const char* fault, Faults& faults) {
  if (!good) faults.emplace_back(fault);
}

// The words are chosen so that a NaN is refused.
void check_retry(const RetryPolicy& retry, Faults& faults) {
  expect(retry.limit >= 0, "retry.limit must not be below zero", faults);
  expect(retry.delay >= milliseconds{0}, "retry.delay must not be below zero", faults);
  expect(retry.factor >= 1 && retry.factor <= 100, "retry.factor must lie between 1 and 100", faults);
  expect(retry.longest_delay >= retry.delay, "retry.longest_delay must not be shorter than retry.delay",
         faults);
  expect(retry.jitter >= 0 && retry.jitter <= 1, "retry.jitter must lie between 0 and 1", faults);
}

void check_group(const std::string& group, const std::map<std::string, int, std::less<>>& groups,
                 Faults& faults) {
  if (group.empty() || groups.contains(group)) return;
  Faults names;
  for (const auto& [name, limit] : groups) names.push_back(name);
  faults.push_back("group \"" + group + "\" has no table [groups." + group + "] in the configuration" +
                   suggestion(group, names));
}

}  // namespace

Faults policy_faults(const Policies& policies, const std::map<std::string, int, std::less<>>& groups) {
  Faults faults;
  expect(policies.overlap.limit > 0, "overlap.limit must be above zero", faults);
  expect(policies.catch_up.limit > 0, "catch_up.limit must be above zero", faults);
  expect(policies.catch_up.window > std::chrono::seconds{0}, "catch_up.window must be above zero", faults);
  expect(policies.misfire_grace > std::chrono::seconds{0}, "misfire_grace must be above zero", faults);
  check_retry(policies.retry, faults);
  check_group(policies.group, groups, faults);
  expect(policies.priority >= -100 && policies.priority <= 100, "priority must lie between -100 and 100",
         faults);
  expect(policies.spread >= std::chrono::seconds{0}, "spread must not be below zero", faults);
  expect(!policies.finish_within || *policies.finish_within > milliseconds{0},
         "finish_within must be above zero", faults);
  expect(!policies.success_within || *policies.success_within > milliseconds{0},
         "success_within must be above zero", faults);
  return faults;
}

}  // namespace rota
