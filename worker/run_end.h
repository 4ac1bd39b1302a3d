// The end of a run whose supervisor is gone: no run outlives it.
#pragma once

namespace rota {

// Kills every process of this run, as the mark in their environment tells (ROTA_RUN_TOKEN and
// ROTA_RUN_ID, set by the supervisor), then this process group, and with it the caller. Any thread.
[[noreturn]] void end_whole_run();

// Starts a process that calls end_whole_run once nobody holds the other end of `from_supervisor`. For
// a run that becomes a command, which does not watch that itself. The process is in the
// run's group, so the supervisor's own kill of the group ends it too; it is not a child of the
// caller, whose program may wait for all of its children. While the caller has one thread and has
// not changed its user. Throws StartError.
void start_guardian(int from_supervisor);

}  // namespace rota
