#include <rota/job.h>

extern "C" __attribute__((visibility("default"))) const rota::ModuleEntry* rota_module_entry() {
  static const rota::ModuleEntry entry{rota::kModuleAbi + 1000, nullptr};
  return &entry;
}
