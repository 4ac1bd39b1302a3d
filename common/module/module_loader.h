// Loads job modules, shared objects with the entry point of <rota/job.h>, for
// the supervisor (all of them) and the worker (the one that holds its job).
#pragma once

#include <rota/job.h>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace rota {

struct RegisteredJob {
  Job job;
  std::filesystem::path module;
  std::string place;  // "file:line" of the registration
};

struct LoadedModules {
  std::vector<RegisteredJob> jobs;                          // in the order of registration
  std::vector<std::string> errors;                          // a sentence each, naming the module
  std::map<std::string, std::size_t, std::less<>> by_name;  // where each job stands in `jobs`
};

// Loads one shared object and lets it register its jobs into `loaded`. Whatever
// is wrong with it (not a module, one that others can write or that is another user's, another ABI number, a
// job that is taken or malformed, an exception while it registers) becomes an error there; jobs that it
// registered before the fault stay. A module stays loaded for the life of the process, because functions of
// it may run. One thread at a time.
void load_module(const std::filesystem::path& file, LoadedModules& loaded);

// All files named *.so in the directories, each directory in the order of names.
// A directory that cannot be read, or that others can write, is an error like a module.
LoadedModules load_modules(const std::vector<std::filesystem::path>& directories);

}  // namespace rota
