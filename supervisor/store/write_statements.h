// The store's writes, as statements on the writer's connection. Each function is
// one write; the caller has opened the transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/sqlite/sqlite.h"
#include "supervisor/store/run_store.h"

namespace rota {

class WriteStatements {
 public:
  explicit WriteStatements(Connection& connection);

  void begin() { begin_.run(); }
  void commit() { commit_.run(); }
  void open_savepoint() { savepoint_.run(); }
  void release_savepoint() { release_.run(); }
  void roll_back_to_savepoint();
  // Never throws: called when the connection is in trouble already.
  void roll_back() noexcept;

  std::optional<RunId> insert(const Run& run);
  void record_started(RunId id, Instant started_at, const std::string& log_path);
  void record_outcome(RunId id, const Outcome& outcome, const std::vector<OutboxMail>& mails,
                      const std::optional<AlarmState>& alarm);
  void record_alarm(const std::vector<OutboxMail>& mails, const std::optional<AlarmState>& alarm);
  void remove_mail(std::int64_t id) { remove_mail_.with(id).run(); }
  void postpone_mail(std::int64_t id, Instant next_attempt_at, const std::string& error) {
    postpone_mail_.with(id, next_attempt_at, error).run();
  }

 private:
  Connection& connection_;
  Statement begin_;
  Statement commit_;
  Statement savepoint_;
  Statement release_;
  Statement insert_;
  Statement started_;
  Statement outcome_;
  Statement add_mail_;
  Statement alarm_;
  Statement remove_mail_;
  Statement postpone_mail_;
};

}  // namespace rota
