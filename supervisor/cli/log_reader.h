// The log of a run, read piece by piece while it grows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "supervisor/client/client.h"

namespace rota {

struct LogPiece {
  std::int64_t offset = 0;
  std::string text = {};
  std::string state = {};  // of the run, when the piece was read
  bool has_log = true;     // false: there is none, yet or any more
};

class LogReader {
 public:
  // `client` outlives the reader.
  LogReader(Client& client, std::int64_t run_id);

  // What has come since the last call, which may be nothing. Throws as Client does, so
  // Refused if there is no such run.
  LogPiece next();

  // As `next`, and waits before it unless there was something just now. Nullopt once the run
  // has ended and its whole log was read.
  std::optional<LogPiece> next_until_end();

 private:
  Client& client_;
  std::string run_target_;
  std::int64_t offset_ = 0;
  bool waits_ = false;
  bool run_has_ended_ = false;
};

}  // namespace rota
