// Preloaded into a program (ld.so(8), LD_PRELOAD): at SIGUSR1 it writes to the file named in ROTA_HEAP how
// many bytes it has from malloc(3) and has not given back. Its resident memory holds what it needed when it
// was at its busiest, and so depends on what else the machine did then; this does not.
#include <malloc.h>
#include <pthread.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

namespace {

void tell(const std::string& file) {
  const struct mallinfo2 heap = mallinfo2();
  const std::string written = file + ".new";
  std::FILE* const stream = std::fopen(written.c_str(), "we");
  if (!stream) return;
  std::fprintf(stream, "%zu\n", heap.uordblks + heap.hblkhd);
  std::fclose(stream);
  std::rename(written.c_str(), file.c_str());
}

// Before the program makes threads, which all block the signal as this one does.
[[gnu::constructor]] void begin() {
  const char* const file = std::getenv("ROTA_HEAP");
  if (!file) std::abort();
  sigset_t asked{};
  sigemptyset(&asked);
  sigaddset(&asked, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &asked, nullptr);
  std::thread{[asked, name = std::string{file}] {
    for (int signal = 0; sigwait(&asked, &signal) == 0;) tell(name);
  }}.detach();
}

}  // namespace
