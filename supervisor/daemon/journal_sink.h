// Where the log of rotad goes: to the journal with fields, when standard error is connected to
// it, else as text to standard error.
#pragma once

#include <spdlog/common.h>
#include <spdlog/sinks/sink.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "supervisor/daemon/log_run.h"

namespace rota {

// The sink for this process's log, usable by all threads. Standard error is the journal's if
// $JOURNAL_STREAM names its device and inode, systemd.exec(5).
spdlog::sink_ptr log_sink();

// The fields of one line, systemd.journal-fields(7): MESSAGE, PRIORITY as in syslog(3),
// SYSLOG_IDENTIFIER, and ROTA_JOB and ROTA_RUN_ID if the line is about a run. Each is
// "NAME=value". Pure.
std::vector<std::string> journal_fields(spdlog::level::level_enum level, std::string_view message,
                                        const LoggedRun* run);

}  // namespace rota
