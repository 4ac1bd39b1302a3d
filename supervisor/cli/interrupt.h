// Ctrl-C as something to ask for, while a command shows a run that is not its own.
#pragma once

namespace rota {

// From its construction SIGINT, signal(7), only makes `raised` true; the second one ends the program
// as ever. One at a time in a program.
class Interrupt {
 public:
  Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt();

  bool raised() const;
};

}  // namespace rota
