#include "common/module/module_loader.h"

#include <dlfcn.h>

#include <algorithm>
#include <exception>
#include <system_error>

#include "common/file/owner.h"
#include "common/text/job_name.h"

namespace rota {
namespace {

class ModuleRegistry : public JobRegistry {
 public:
  ModuleRegistry(const std::filesystem::path& module, LoadedModules& loaded)
      : module_{module}, loaded_{loaded} {}

  void register_job(Job job, std::source_location place) override {
    const std::string where = std::string{place.file_name()} + ":" + std::to_string(place.line());
    const auto refuse = [&](const std::string& reason) {
      loaded_.errors.push_back("module " + module_.string() + ": job \"" + job.name + "\" at " + where +
                               ": " + reason);
    };
    if (!is_job_name(job.name)) return refuse(std::string{kNameRule});
    if (const auto found = loaded_.by_name.find(job.name); found != loaded_.by_name.end()) {
      const RegisteredJob& other = loaded_.jobs[found->second];
      return refuse("the name is taken by the job at " + other.place + " in " + other.module.string());
    }
    if (!job.function) return refuse("it has no function");
    if (job.timeout <= job.timeout.zero()) return refuse("its timeout must be above zero");
    if (job.grace < job.grace.zero()) return refuse("its grace must not be below zero");
    loaded_.by_name.emplace(job.name, loaded_.jobs.size());
    loaded_.jobs.push_back({std::move(job), module_, where});
  }

 private:
  const std::filesystem::path& module_;
  LoadedModules& loaded_;
};

std::string explain_dlerror() {
  const char* text = dlerror();
  return text ? text : "unknown fault of the dynamic linker";
}

}  // namespace

void load_module(const std::filesystem::path& file, LoadedModules& loaded) {
  const auto fail = [&](const std::string& reason) {
    loaded.errors.push_back("module " + file.string() + ": " + reason);
  };
  // Loading it runs it.
  if (const std::string fault = owner_fault(file); !fault.empty()) return fail(fault);
  void* handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) return fail("cannot be loaded: " + explain_dlerror());
  using EntryPoint = const ModuleEntry* (*)();
  const auto entry_point = reinterpret_cast<EntryPoint>(dlsym(handle, "rota_module_entry"));
  if (!entry_point)
    return fail(
        "has no entry point rota_module_entry; it needs one ROTA_REGISTER_JOBS block of <rota/job.h>");
  const ModuleEntry* entry = entry_point();
  if (entry->abi != kModuleAbi)
    return fail("was built for ABI number " + std::to_string(entry->abi) + ", this program has " +
                std::to_string(kModuleAbi) + "; build it again against the installed headers");
  ModuleRegistry registry{file, loaded};
  try {
    entry->register_jobs(registry);
  } catch (const std::exception& error) {
    fail(std::string{"failed while it registered its jobs: "} + error.what());
  } catch (...) {
    fail("failed while it registered its jobs, with something that is no std::exception");
  }
}

LoadedModules load_modules(const std::vector<std::filesystem::path>& directories) {
  LoadedModules loaded;
  for (const auto& directory : directories) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (std::filesystem::directory_iterator entry{directory, error}, end; !error && entry != end;
         entry.increment(error))
      if (entry->path().extension() == ".so") files.push_back(entry->path());
    if (error) loaded.errors.push_back("module directory " + directory.string() + ": " + error.message());
    if (const std::string fault = owner_fault(directory); !fault.empty()) {
      loaded.errors.push_back("module directory " + directory.string() + ": " + fault);
      continue;
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files) load_module(file, loaded);
  }
  return loaded;
}

}  // namespace rota
