#include "worker/find_job.h"

#include <algorithm>
#include <cstdlib>

#include "common/text/nearest_word.h"

namespace rota {
namespace {

std::vector<std::filesystem::path> default_directories() {
  std::vector<std::filesystem::path> directories;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here sets the environment
  if (const char* path = std::getenv("ROTA_MODULE_PATH")) {
    std::string_view rest{path};
    while (!rest.empty()) {
      const auto colon = std::min(rest.find(':'), rest.size());
      if (colon > 0) directories.emplace_back(rest.substr(0, colon));
      rest.remove_prefix(std::min(colon + 1, rest.size()));
    }
    return directories;
  }
  const auto program = std::filesystem::read_symlink("/proc/self/exe");
  for (const std::filesystem::path& directory :
       {program.parent_path().parent_path() / "lib" / "jobs", std::filesystem::path{"/usr/lib/rota/jobs"}})
    if (std::filesystem::is_directory(directory)) directories.push_back(directory);
  return directories;
}

}  // namespace

LoadedModules load_for(const WorkerOptions& options) {
  if (options.module.empty())
    return load_modules(options.directories.empty() ? default_directories() : options.directories);
  LoadedModules loaded;
  load_module(options.module, loaded);
  return loaded;
}

const RegisteredJob& find_job(const LoadedModules& loaded, const std::string& name) {
  std::vector<std::string> names;
  for (const RegisteredJob& entry : loaded.jobs) {
    if (entry.job.name == name) return entry;
    names.push_back(entry.job.name);
  }
  std::string message = "job " + name + ": no module registers it" + suggestion(name, names);
  for (const std::string& error : loaded.errors) message += "\n  " + error;
  throw UsageError{message};
}

}  // namespace rota
