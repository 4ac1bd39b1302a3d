#include "supervisor/run/run.h"

#include <array>
#include <utility>

namespace rota {
namespace {

constexpr std::array<std::pair<Trigger, std::string_view>, 5> kTriggerWords{{
    {Trigger::schedule, "schedule"},
    {Trigger::catch_up, "catch_up"},
    {Trigger::manual, "manual"},
    {Trigger::retry, "retry"},
    {Trigger::dependency, "dependency"},
}};

constexpr std::array<std::pair<RunState, std::string_view>, 10> kStateWords{{
    {RunState::queued, "queued"},
    {RunState::running, "running"},
    {RunState::succeeded, "succeeded"},
    {RunState::failed, "failed"},
    {RunState::timed_out, "timed_out"},
    {RunState::cancelled, "cancelled"},
    {RunState::crashed, "crashed"},
    {RunState::lost, "lost"},
    {RunState::skipped, "skipped"},
    {RunState::missed, "missed"},
}};

template <typename Value, std::size_t size>
std::string_view word_of(const std::array<std::pair<Value, std::string_view>, size>& words, Value value) {
  for (const auto& [candidate, word] : words)
    if (candidate == value) return word;
  return {};
}

template <typename Value, std::size_t size>
std::optional<Value> value_of(const std::array<std::pair<Value, std::string_view>, size>& words,
                              std::string_view text) {
  for (const auto& [candidate, word] : words)
    if (word == text) return candidate;
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Trigger trigger) { return word_of(kTriggerWords, trigger); }
std::string_view to_string(RunState state) { return word_of(kStateWords, state); }
std::optional<Trigger> parse_trigger(std::string_view word) { return value_of(kTriggerWords, word); }
std::optional<RunState> parse_run_state(std::string_view word) { return value_of(kStateWords, word); }

bool is_final(RunState state) { return state != RunState::queued && state != RunState::running; }

bool is_failure(RunState state) {
  return state == RunState::failed || state == RunState::timed_out || state == RunState::crashed ||
         state == RunState::lost;
}

void apply(const Outcome& outcome, Run& row) {
  row.state = outcome.state;
  if (outcome.started_at != Instant{}) row.started_at = outcome.started_at;
  row.finished_at = outcome.finished_at;
  row.success = outcome.state == RunState::succeeded;
  row.error_type = outcome.error_type;
  row.error_message = outcome.error_message;
  row.lines_added = outcome.lines_added;
  row.lines_processed = outcome.lines_processed;
  row.last_entry = outcome.last_entry;
  row.exit_code = outcome.exit_code;
  row.signal = outcome.signal;
  row.user_cpu_ms = outcome.user_cpu_ms;
  row.system_cpu_ms = outcome.system_cpu_ms;
  row.max_rss_kib = outcome.max_rss_kib;
}

}  // namespace rota
