// For what is preloaded: the C library's own function behind one of the same name.
#pragma once

#include <dlfcn.h>

template <typename Function>
Function* next_function(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}
