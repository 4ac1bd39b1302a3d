#include "supervisor/store/facts_statements.h"

#include <string_view>

namespace rota {
namespace {

// SQL's max() of a value and NULL is NULL, so each stands in for the other.
constexpr const char* kInsert =
    "INSERT INTO job_facts (job_name, first_seen_at, calendar_since, last_occurrence, begun) "
    "VALUES (?1, ?2, ?2, ?3, ?4) "
    "ON CONFLICT (job_name) DO UPDATE SET last_occurrence = max(coalesce(last_occurrence, ?3), "
    "coalesce(?3, last_occurrence)), begun = CASE WHEN ?5 THEN ?4 ELSE begun END";

constexpr const char* kCalendar =
    "INSERT INTO job_facts (job_name, first_seen_at, calendar_since, begun) VALUES (?1, ?2, ?2, ?3) "
    "ON CONFLICT (job_name) DO UPDATE SET calendar_since = ?2, last_occurrence = NULL";

// Pruning may have passed over the run while it was active; its log is looked at again.
constexpr const char* kOutcome =
    "UPDATE job_facts SET last_finished_at = ?3, last_success_at = CASE WHEN ?5 THEN ?3 ELSE last_success_at "
    "END, "
    "last_success_run = CASE WHEN ?5 THEN ?2 ELSE last_success_run END, "
    "success = CASE WHEN ?5 THEN ?4 ELSE success END, failure = CASE WHEN ?6 THEN ?4 ELSE failure END, "
    "last_entry = coalesce(?7, last_entry), "
    "logs_pruned_through = min(logs_pruned_through, ?2 - 1) WHERE job_name = ?1";

Sequence latest_sequence(Connection& connection) {
  Statement row{connection, "SELECT coalesce(max(max(begun, success, failure)), 0) FROM job_facts"};
  return row.step() ? row.integer(0) : 0;
}

Pause::Scope scope_of(std::string_view word) {
  if (word == "job") return Pause::Scope::job;
  return word == "group" ? Pause::Scope::group : Pause::Scope::all;
}

}  // namespace

FactsStatements::FactsStatements(Connection& connection)
    : insert_{connection, kInsert},
      outcome_{connection, kOutcome},
      calendar_{connection, kCalendar},
      pause_{connection,
             "INSERT INTO pauses (scope, name, paused_by, paused_at) VALUES (?1, coalesce(?2, ''), ?3, ?4) "
             "ON CONFLICT DO NOTHING"},
      resume_{connection, "DELETE FROM pauses WHERE scope = ?1 AND name = coalesce(?2, '')"},
      sequence_{latest_sequence(connection)} {}

void FactsStatements::note_insert(const Run& run) {
  const bool is_occurrence = run.trigger == Trigger::schedule || run.trigger == Trigger::catch_up;
  // What a dependency made due is accounted for also when it is skipped, and must not be due again.
  const bool has_begun = !is_final(run.state) || run.trigger == Trigger::dependency;
  insert_
      .with(run.job_name, run.queued_at, is_occurrence ? run.scheduled_for : std::nullopt, ++sequence_,
            has_begun)
      .run();
}

void FactsStatements::note_outcome(const std::string& job_name, RunId id, const Outcome& outcome,
                                   bool retried) {
  outcome_
      .with(job_name, id, outcome.finished_at, ++sequence_, outcome.state == RunState::succeeded,
            is_failure(outcome.state) && !retried, outcome.last_entry)
      .run();
}

void FactsStatements::pause(const Pause& pause) {
  pause_.with(to_string(pause.scope), pause.name, pause.paused_by, pause.paused_at).run();
}

void FactsStatements::resume(Pause::Scope scope, const std::string& name) {
  resume_.with(to_string(scope), name).run();
}

std::vector<JobFacts> select_facts(Connection& connection) {
  Statement row{
      connection,
      "SELECT job_name, first_seen_at, calendar_since, last_occurrence, last_finished_at, last_success_at, "
      "last_success_run, last_entry, begun, success, failure FROM job_facts ORDER BY job_name"};
  std::vector<JobFacts> facts;
  while (row.step())
    facts.push_back({.job_name = row.text(0),
                     .first_seen_at = row.instant(1),
                     .calendar_since = row.instant(2),
                     .last_occurrence = row.optional_instant(3),
                     .last_finished_at = row.optional_instant(4),
                     .last_success_at = row.optional_instant(5),
                     .last_success_run = row.optional_integer(6),
                     .last_entry = row.text(7),
                     .begun = row.integer(8),
                     .success = row.integer(9),
                     .failure = row.integer(10)});
  return facts;
}

std::vector<Pause> select_pauses(Connection& connection) {
  Statement row{connection, "SELECT scope, name, paused_by, paused_at FROM pauses ORDER BY scope, name"};
  std::vector<Pause> pauses;
  while (row.step()) pauses.push_back({scope_of(row.text(0)), row.text(1), row.text(2), row.instant(3)});
  return pauses;
}

}  // namespace rota
