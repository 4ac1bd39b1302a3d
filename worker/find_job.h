// Where a job run by hand comes from.
#pragma once

#include "common/module/module_loader.h"
#include "worker/options.h"

namespace rota {

// Loads the module that the options name, else all of their directories, else of
// the default ones.
LoadedModules load_for(const WorkerOptions& options);

// The job of that name; throws UsageError with the nearest name and the modules' errors.
const RegisteredJob& find_job(const LoadedModules& loaded, const std::string& name);

}  // namespace rota
