// rota-worker --list.
#pragma once

#include "common/module/module_loader.h"

namespace rota {

// Prints a line for each job to standard output and the modules' errors to
// standard error. Returns the exit status: 1 if there were errors.
int list_jobs(const LoadedModules& loaded);

}  // namespace rota
