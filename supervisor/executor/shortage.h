// Whether a call has failed for want of what there may be again in a moment.
#pragma once

#include <cerrno>

namespace rota {

inline bool is_shortage(int error) { return error == EMFILE || error == ENFILE || error == ENOMEM; }

}  // namespace rota
