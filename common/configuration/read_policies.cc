#include "common/configuration/read_policies.h"

#include <algorithm>
#include <array>

#include "common/text/job_name.h"
#include "common/text/nearest_word.h"

namespace rota {
namespace {

constexpr std::int64_t kMostRuns = 1000;
// A word alone promises runs side by side, which the limit 1 of a registered policy would not give.
constexpr int kParallelRuns = 10;

std::optional<OverlapPolicy> read_overlap(TableReader& reader) {
  using Rule = OverlapPolicy::Rule;
  const std::vector<std::string> words{"skip", "queue", "parallel", "replace"};
  OverlapPolicy policy;
  const auto take = [&](std::optional<std::size_t> word) {
    if (word) policy.rule = static_cast<Rule>(*word);
    policy.limit = policy.rule == Rule::parallel ? kParallelRuns : 1;
    return word.has_value();
  };
  if (!reader.is_table("overlap"))
    return take(reader.one_of("overlap", words)) ? std::optional{policy} : std::nullopt;
  TableReader table = reader.table("overlap");
  const bool known = take(table.one_of("rule", words));
  if (!table.has("rule")) table.fault("rule", "expected the rule, such as rule = \"queue\"");
  policy.limit = static_cast<int>(table.whole("limit", 1, kMostRuns).value_or(policy.limit));
  if (known && table.has("limit") && policy.rule != Rule::queue && policy.rule != Rule::parallel)
    table.fault("limit", "expected it with the rules \"queue\" and \"parallel\" only");
  table.finish();
  return policy;
}

std::optional<CatchUpPolicy> read_catch_up(TableReader& reader) {
  using Rule = CatchUpPolicy::Rule;
  const std::vector<std::string> words{"once", "skip", "all"};
  CatchUpPolicy policy;
  if (!reader.is_table("catch_up")) {
    const auto word = reader.one_of("catch_up", words);
    if (!word) return std::nullopt;
    policy.rule = static_cast<Rule>(*word);
    return policy;
  }
  TableReader table = reader.table("catch_up");
  const auto word = table.one_of("rule", words);
  if (word) policy.rule = static_cast<Rule>(*word);
  if (!table.has("rule")) table.fault("rule", "expected the rule, such as rule = \"all\"");
  policy.limit = static_cast<int>(table.whole("limit", 1, kMostRuns).value_or(policy.limit));
  policy.window = table.seconds("window").value_or(policy.window);
  if (word && table.has("limit") && policy.rule != Rule::all)
    table.fault("limit", "expected it with the rule \"all\" only");
  if (word && table.has("window") && policy.rule == Rule::skip)
    table.fault("window", "expected it with the rules \"once\" and \"all\" only");
  table.finish();
  return policy;
}

void read_retried_outcomes(TableReader& table, RetryPolicy& policy) {
  const auto outcomes = table.texts("on");
  if (!outcomes) return;
  const std::array targets{&policy.on_failed, &policy.on_timed_out, &policy.on_crashed, &policy.on_lost};
  const std::vector<std::string> words{"failed", "timed_out", "crashed", "lost"};
  for (bool* target : targets) *target = false;
  for (const std::string& outcome : *outcomes) {
    const auto word = std::find(words.begin(), words.end(), outcome);
    if (word != words.end())
      *targets.at(static_cast<std::size_t>(word - words.begin())) = true;
    else
      table.fault("on", "expected of \"failed\", \"timed_out\", \"crashed\" and \"lost\", not \"" + outcome +
                            "\"" + suggestion(outcome, words));
  }
}

std::optional<RetryPolicy> read_retry(TableReader& reader) {
  RetryPolicy policy;
  if (!reader.is_table("retry")) {
    const auto limit = reader.whole("retry", 0, kMostRuns);
    if (!limit) return std::nullopt;
    policy.limit = static_cast<int>(*limit);
    return policy;
  }
  TableReader table = reader.table("retry");
  policy.limit = static_cast<int>(table.whole("limit", 0, kMostRuns).value_or(0));
  if (!table.has("limit")) table.fault("limit", "expected how many further attempts there are");
  policy.delay = table.duration("delay", Least::nothing).value_or(policy.delay);
  policy.factor = table.number("factor", 1, 100).value_or(policy.factor);
  const auto longest = table.duration("longest_delay", Least::nothing);
  policy.longest_delay = longest.value_or(std::max(policy.longest_delay, policy.delay));
  if (policy.longest_delay < policy.delay)
    table.fault("longest_delay", "expected a duration that is not shorter than delay");
  policy.jitter = table.number("jitter", 0, 1).value_or(policy.jitter);
  read_retried_outcomes(table, policy);
  table.finish();
  return policy;
}

std::optional<DependencyPolicy> read_dependencies(TableReader& reader) {
  DependencyPolicy policy;
  // An empty list takes away what a module registered.
  auto after = reader.texts("after", Least::nothing);
  const auto on = reader.one_of("on", {"success", "failure", "always"});
  policy.on = static_cast<DependencyPolicy::On>(on.value_or(0));
  if (reader.has("on") && !reader.has("after"))
    reader.fault("on", "expected it beside after, a list of jobs, only");
  if (!after) return std::nullopt;
  policy.after = *std::move(after);
  for (std::size_t index = 0; index < policy.after.size(); ++index) {
    const std::string& name = policy.after[index];
    if (!is_job_name(name)) reader.fault("after", "expected names of jobs; " + std::string{kNameRule});
    const auto end = policy.after.begin() + static_cast<std::ptrdiff_t>(index);
    if (std::find(policy.after.begin(), end, name) != end)
      reader.fault("after", "expected each job once, and " + name + " stands there twice");
  }
  return policy;
}

}  // namespace

void read_policies(TableReader& reader, const std::vector<std::string>* groups, JobSettings& job) {
  job.overlap = read_overlap(reader);
  job.catch_up = read_catch_up(reader);
  job.misfire_grace = reader.seconds("misfire_grace");
  job.retry = read_retry(reader);
  job.dependencies = read_dependencies(reader);
  job.group = reader.text("group");
  if (job.group && groups && std::find(groups->begin(), groups->end(), *job.group) == groups->end())
    reader.fault("group", "expected a group that has a table, [groups." + *job.group + "]" +
                              suggestion(*job.group, *groups));
  if (const auto priority = reader.whole("priority", -100, 100)) job.priority = static_cast<int>(*priority);
  job.spread = reader.seconds("spread", Least::nothing);
  job.finish_within = reader.duration("finish_within");
  job.success_within = reader.duration("success_within");
}

}  // namespace rota
