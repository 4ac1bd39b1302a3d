// How much memory this run has held at most, as only the run itself can know it.
#pragma once

#include <cstdint>

namespace rota {

// The most resident memory that this program, or one of its children that has been waited for, ever had, in
// KiB; 0 if /proc does not tell. ru_maxrss of getrusage(2) and wait4(2) would not do: execve(2) hands on
// to a program the peak of who started it, here the supervisor's.
std::int64_t peak_memory_kib();

}  // namespace rota
