// What a run by hand shows on standard error: a bar with its progress where that
// is a terminal, and the log above it.
#pragma once

#include <rota/job.h>

#include <mutex>
#include <string>

namespace rota {

// Any thread may call any member.
class Terminal {
 public:
  Terminal();

  void log(LogLevel level, std::string_view message);
  void progress(std::int64_t done, std::optional<std::int64_t> total, std::string_view message);

  // Prints a line above the bar.
  void say(const std::string& line);

  // Prints the last line, below the bar, which is not drawn again for it.
  void say_last(const std::string& line);

 private:
  void draw_bar();
  void clear_bar();

  bool is_terminal_;
  std::mutex mutex_;
  std::string bar_;
};

}  // namespace rota
