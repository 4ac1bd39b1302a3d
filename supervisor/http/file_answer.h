// Answers whose body is a file. They hold it open, so that it may lose its name before
// the last byte has left. Event loop's thread.
#pragma once

#include <chrono>
#include <cstdint>

#include "supervisor/http/message.h"
#include "supervisor/http/scheduler_api.h"

namespace rota {

// The log at `path` of `run` from byte `offset` on, as text, with its whole size in
// Rota-Log-Size; or 404. Rota-Run-State is in both, for those who follow the log: a run
// whose state is final has all of its log there already.
HttpAnswer log_answer(const Run& run, const std::filesystem::path& path, std::uint64_t offset);

// The copy of the database that was made at `now`, or 500. Its file has lost its name before
// this returns: whatever happens to the client or to this process, nothing of it stays.
HttpAnswer backup_answer(const BackUpResult& result, std::chrono::system_clock::time_point now);

}  // namespace rota
