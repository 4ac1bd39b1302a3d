// In place of rota-worker: becomes the animal that has the job's name, or rota-worker if there is none. It is
// no fork server, so that it is executed for each run.
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>

int main(int, char** argv) {
  if (argv[1] && std::strcmp(argv[1], "--fork-server") == 0) return 1;
  const auto here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  const auto animal = here / std::getenv("ROTA_JOB");
  const bool is_animal = access(animal.c_str(), X_OK) == 0;
  execv((is_animal ? animal : here.parent_path() / "rota-worker").c_str(), argv);
  return 126;
}
