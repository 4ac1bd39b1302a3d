// The messages of the pipe protocol between the supervisor and a worker: one
// JSON object a line, at most 64 KiB with its newline. Pure: text in, values out.
// The table of types and members is in common/protocol/README.md.
#pragma once

#include <rota/job.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "common/command/command.h"
#include "common/time/instant.h"

namespace rota {

inline constexpr int kProtocolVersion = 1;
inline constexpr std::size_t kMaximumLineBytes = std::size_t{64} * 1024;  // with its newline
// As JSON text. The next run gets it in its start message, which must have room for parameters and
// a command too.
inline constexpr std::size_t kMaximumLastEntryBytes = std::size_t{32} * 1024;

// To the worker: run this. The first line on its descriptor 3.
struct StartMessage {
  int version = kProtocolVersion;
  std::int64_t run_id = 0;
  std::string job;
  int attempt = 1;
  std::string trigger;
  std::optional<Instant> scheduled_for;
  Instant deadline{};
  Parameters parameters;
  std::string last_entry;          // JSON text or empty
  std::optional<Command> command;  // none: a job of the module that the worker was started with
  CommandLimits limits;            // of such a job; a command has its own
  bool operator==(const StartMessage&) const = default;
};

// To the worker: stop soon; the kill follows after the grace.
struct StopMessage {
  bool operator==(const StopMessage&) const = default;
};

// From the worker, its first line.
struct HelloMessage {
  int version = kProtocolVersion;
  std::int64_t pid = 0;
  bool operator==(const HelloMessage&) const = default;
};

struct ProgressMessage {
  std::int64_t done = 0;
  std::optional<std::int64_t> total;
  std::string message;
  bool operator==(const ProgressMessage&) const = default;
};

struct LogMessage {
  LogLevel level = LogLevel::info;
  std::string message;
  bool operator==(const LogMessage&) const = default;
};

// From the worker, its last line. A command may write several, of which the last counts.
struct ResultMessage {
  bool success = true;
  std::string error_type;
  std::string error;
  std::int64_t lines_added = 0;
  std::int64_t lines_processed = 0;
  std::string last_entry;
  std::int64_t max_rss_kib = 0;  // the most memory that the run held, as the worker says it; 0: not said
  bool operator==(const ResultMessage&) const = default;
};

using Message =
    std::variant<StartMessage, StopMessage, HelloMessage, ProgressMessage, LogMessage, ResultMessage>;

// What is wrong with a line, in a sentence without its text.
struct ProtocolError {
  std::string reason;
};

// The line of a message, with its newline. Text that is not UTF-8 is mended with
// U+FFFD. A message or error text is cut so that the line fits; nullopt only if
// it cannot be made to fit: parameters, a command or a last_entry that are too long, or a last_entry of a
// result that holds a zero byte, which no environment can carry to the next run.
std::optional<std::string> encode(const Message& message);

// Reads one line without its newline. Unknown members are ignored, so that a
// later version may add some; unknown types, missing members and members of
// another kind are errors. What a shell script writes by hand may be short: of `progress`
// only `done` must be there, of `log` only `message`, of `result` nothing but the type.
std::variant<Message, ProtocolError> decode(std::string_view line);

std::string_view to_string(LogLevel level);

}  // namespace rota
