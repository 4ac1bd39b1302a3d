// The writes to outbox and alarms, for the writer: what people are to be told, and have been.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/sqlite/sqlite.h"
#include "supervisor/store/run_store.h"

namespace rota {

class OutboxStatements {
 public:
  explicit OutboxStatements(Connection& connection);

  void add(const std::vector<OutboxMail>& mails, const std::optional<AlarmState>& alarm);
  void remove(std::int64_t id) { remove_.with(id).run(); }
  void postpone(std::int64_t id, Instant next_attempt_at, const std::string& error) {
    postpone_.with(id, next_attempt_at, error).run();
  }

 private:
  Statement add_;
  Statement alarm_;
  Statement remove_;
  Statement postpone_;
};

// Both throw SqliteError.
std::vector<OutboxMail> select_due_mails(Connection& connection, Instant now, int limit);
std::vector<AlarmState> select_alarms(Connection& connection);

}  // namespace rota
