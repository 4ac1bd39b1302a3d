#include "worker/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>

#include "common/protocol/message.h"
#include "common/text/progress_text.h"

namespace rota {
namespace {

constexpr std::size_t kBarWidth = 30;

int columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string clock_text() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm local{};
  localtime_r(&now, &local);
  char text[16];
  return {text, std::strftime(text, sizeof text, "%H:%M:%S", &local)};
}

}  // namespace

Terminal::Terminal() : is_terminal_{isatty(STDERR_FILENO) == 1} {}

void Terminal::log(LogLevel level, std::string_view message) {
  say(clock_text() + " " + std::string{to_string(level)} + " " + std::string{message});
}

void Terminal::progress(std::int64_t done, std::optional<std::int64_t> total, std::string_view message) {
  if (!is_terminal_) return;
  const std::lock_guard lock{mutex_};
  bar_ = progress_text(done, total, message, kBarWidth);
  draw_bar();
}

void Terminal::say(const std::string& line) {
  const std::lock_guard lock{mutex_};
  clear_bar();
  std::fprintf(stderr, "%s\n", line.c_str());
  draw_bar();
}

void Terminal::say_last(const std::string& line) {
  const std::lock_guard lock{mutex_};
  std::fprintf(stderr, "%s%s\n", bar_.empty() ? "" : "\n", line.c_str());
  bar_.clear();
}

void Terminal::draw_bar() {
  if (bar_.empty()) return;
  std::fprintf(stderr, "\r\033[K%.*s", columns() - 1, bar_.c_str());
  std::fflush(stderr);
}

void Terminal::clear_bar() {
  if (!bar_.empty()) std::fputs("\r\033[K", stderr);
}

}  // namespace rota
