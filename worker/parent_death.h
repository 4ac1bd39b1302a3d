// Ties a worker's life to its supervisor's.
#pragma once

namespace rota {

// Both ask the kernel for a signal when the parent ends, prctl(2), or the subreaper that the process is given
// to then. A change of user or group takes the request back, so it is made anew after one; so does the
// execve(2) of a set-user-ID program, after which nobody can make it. While the process has one
// thread.

// The end of this process. For a command, whose guardian ends the rest of the run.
void die_with_supervisor();

// Lets a process that has been stopped go on, so that it sees the end of its pipe and ends the
// whole run: killed at once, it could not.
void wake_with_supervisors_end();

// False if the parent is not, or no longer, the process that ROTA_SUPERVISOR_PID names: then there is nobody
// to work for. To be asked after one of the requests, before which it may have died.
bool has_supervisor();

}  // namespace rota
