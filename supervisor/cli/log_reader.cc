#include "supervisor/cli/log_reader.h"

#include <poll.h>

#include <boost/json.hpp>
#include <utility>

#include "supervisor/cli/json_fields.h"
#include "supervisor/client/client_error.h"
#include "supervisor/run/run.h"

namespace rota {
namespace {

constexpr int kBetweenLooksMs = 200;

bool has_ended(const std::string& state) {
  const auto known = parse_run_state(state);
  return known && is_final(*known);
}

}  // namespace

LogReader::LogReader(Client& client, std::int64_t run_id)
    : client_{client}, run_target_{"/scheduler/runs/" + std::to_string(run_id)} {}

LogPiece LogReader::next() {
  LogPiece piece{.offset = offset_};
  try {
    ClientAnswer answer = client_.get(run_target_ + "/log?offset=" + std::to_string(offset_));
    piece.text = std::move(answer.body);
    piece.state = answer.headers["rota-run-state"];
    offset_ += static_cast<std::int64_t>(piece.text.size());
  } catch (const Refused& refused) {
    if (refused.status() != 404) throw;
    piece.has_log = false;
  }
  if (piece.state.empty()) piece.state = text_member(parse_object(client_.get(run_target_).body), "state");
  return piece;
}

std::optional<LogPiece> LogReader::next_until_end() {
  // poll(2) rather than a sleep of the library: a signal ends it.
  if (waits_) poll(nullptr, 0, kBetweenLooksMs);
  LogPiece piece = next();
  // The state may be newer than the log that came before it, so the log is read once more.
  if (run_has_ended_ && piece.text.empty()) return std::nullopt;
  run_has_ended_ = has_ended(piece.state);
  waits_ = !run_has_ended_;
  return piece;
}

}  // namespace rota
