#include "supervisor/store/facts_statements.h"

#include <string_view>

namespace rota {
namespace {

// SQL's max() of a value and NULL is NULL, so each stands in for the other. Pruning may have passed over a
// run while it was active; its log is looked at again.
constexpr const char* kChange =
    "UPDATE job_facts SET calendar_since = coalesce(?2, calendar_since), "
    "last_occurrence = CASE WHEN ?2 IS NULL THEN max(coalesce(last_occurrence, ?3), "
    "coalesce(?3, last_occurrence)) ELSE ?3 END, "
    "begun = coalesce(?4, begun), last_finished_at = coalesce(?5, last_finished_at), "
    "last_success_at = coalesce(?6, last_success_at), last_success_run = coalesce(?7, last_success_run), "
    "success = coalesce(?8, success), failure = coalesce(?9, failure), last_entry = coalesce(?10, "
    "last_entry), "
    "logs_pruned_through = min(logs_pruned_through, coalesce(?11 - 1, logs_pruned_through)) "
    "WHERE job_name = ?1";

constexpr const char* kInsert =
    "INSERT INTO job_facts (job_name, calendar_since, last_occurrence, begun, last_finished_at, "
    "last_success_at, "
    "last_success_run, success, failure, last_entry, first_seen_at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";

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
    : connection_{connection},
      change_{connection, kChange},
      insert_{connection, kInsert},
      pause_{connection,
             "INSERT INTO pauses (scope, name, paused_by, paused_at) VALUES (?1, coalesce(?2, ''), ?3, ?4) "
             "ON CONFLICT DO NOTHING"},
      resume_{connection, "DELETE FROM pauses WHERE scope = ?1 AND name = coalesce(?2, '')"},
      sequence_{latest_sequence(connection)} {}

void FactsStatements::write_changes() {
  for (const auto& [job_name, change] : changes_) {
    change_
        .with(job_name, change.calendar_since, change.last_occurrence, change.begun, change.last_finished_at,
              change.last_success_at, change.last_success_run, change.success, change.failure,
              change.last_entry, change.first_ended)
        .run();
    if (connection_.changes() != 0 || !change.first_sight) continue;
    const auto& [seen_at, seen_as] = *change.first_sight;
    insert_
        .with(job_name, change.calendar_since.value_or(seen_at), change.last_occurrence,
              change.begun.value_or(seen_as), change.last_finished_at, change.last_success_at,
              change.last_success_run, change.success.value_or(0), change.failure.value_or(0),
              change.last_entry, seen_at)
        .run();
  }
  changes_.clear();
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
