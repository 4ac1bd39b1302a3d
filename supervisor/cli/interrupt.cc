#include "supervisor/cli/interrupt.h"

#include <csignal>

namespace rota {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void set_action(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
}

}  // namespace

Interrupt::Interrupt() {
  interrupted = 0;
  set_action([](int) { interrupted = 1; });
}

Interrupt::~Interrupt() { set_action(SIG_DFL); }

bool Interrupt::raised() const { return interrupted != 0; }

}  // namespace rota
