// What others see of a process that has been forked and not executed: ps(1) its command line, and who hunts a
// run its environment. Both are memory of the process, proc_pid_cmdline(5), proc_pid_environ(5), and as long
// as they were at execve(2); so the process that forks is started with room in them.
#pragma once

#include <cstddef>
#include <string_view>

namespace rota {

// A text in that memory, which can be replaced. Does not own it. One thread at a time.
class VisibleText {
 public:
  // From `begin` to the zero byte at the end of `last`, which may be `begin` or a text that follows it.
  VisibleText(char* begin, const char* last);

  // Zero bytes in `text` separate arguments. What does not fit is cut; the rest of the room becomes zero.
  void replace(std::string_view text);

 private:
  char* begin_;
  std::size_t size_;  // without the last zero byte, which stays
};

// The value of a variable of the environment. Throws std::runtime_error if there is none.
VisibleText visible_variable(const char* name);

}  // namespace rota
