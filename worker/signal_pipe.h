// Turns signals into bytes on a pipe, so that a thread can wait for them together
// with other descriptors. Handlers are used rather than a blocked mask, because
// programs that a job starts would inherit the mask.
#pragma once

#include <initializer_list>

namespace rota {

// Begins to catch the signals; SIGPIPE is caught and dropped as well. Returns the
// descriptor from which one byte can be read for each signal that came (its
// number). Once in a process. Throws std::system_error.
int open_signal_pipe(std::initializer_list<int> signals);

}  // namespace rota
