// What a process or a thread has used, from getrusage(2) and wait4(2).
#pragma once

#include <sys/time.h>

#include <cstdint>

namespace rota {

inline std::int64_t in_milliseconds(const timeval& time) { return time.tv_sec * 1000 + time.tv_usec / 1000; }

}  // namespace rota
