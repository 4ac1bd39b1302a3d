// What the simulation's store tells of what it is asked for and what it has done.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "supervisor/store/run_store.h"

namespace rota::simulation {

// Names a run from its admission on, before it has an id.
using Handle = std::uint64_t;

// One write that changed a row, as it stands committed.
struct Written {
  enum class Kind { inserted, refused, started, ended, told, calendars };
  Kind kind = Kind::inserted;
  Handle handle = 0;  // of what was inserted or refused
  RunId id = 0;       // none of what was refused, nor where only mails were written
  bool retried = false;
  std::vector<std::string> jobs{};  // whose calendars began, or whose alarm changed
  Instant since{};                  // when those calendars began
  std::optional<RunId> overdue{};   // of which run a thread past its timeout was told
};

class Watcher {
 public:
  Watcher() = default;
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  virtual ~Watcher() = default;

  // The supervisor asks; nothing is on disk yet.
  virtual Handle insert_asked(const Run& run) = 0;
  virtual void start_asked(RunId id) = 0;
  virtual void outcome_asked(RunId id, const Outcome& outcome, const Consequences& consequences) = 0;
  // Of which run it speaks, if it is of a thread past its timeout.
  virtual std::optional<RunId> alarm_asked() = 0;

  // A transaction begins, perhaps again.
  virtual void began() = 0;
  // Within it a write has been made that may tell people something.
  virtual void told(const Written& written, const std::vector<OutboxMail>& mails) = 0;
  // In their order.
  virtual void committed(const std::vector<Written>& writes) = 0;

  // The supervisor is about to hear it.
  virtual void insert_answered(Handle handle, std::optional<RunId> id) = 0;
  virtual void outcome_answered(RunId id, const std::optional<Run>& retry, std::optional<RunId> retry_id) = 0;
};

}  // namespace rota::simulation
