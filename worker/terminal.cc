#include "worker/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>

#include "common/protocol/message.h"

namespace rota {
namespace {

constexpr int kBarWidth = 30;

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

void Terminal::draw_bar() {
  if (bar_.empty()) return;
  std::fprintf(stderr, "\r\033[K%.*s", columns() - 1, bar_.c_str());
  std::fflush(stderr);
}

void Terminal::clear_bar() {
  if (!bar_.empty()) std::fputs("\r\033[K", stderr);
}

std::string progress_text(std::int64_t done, std::optional<std::int64_t> total, std::string_view message,
                          int width) {
  std::string text;
  if (total && *total > 0) {
    const double part = std::clamp(static_cast<double>(done) / static_cast<double>(*total), 0.0, 1.0);
    const auto filled = static_cast<std::size_t>(part * width);
    text = "[" + std::string(filled, '#') + std::string(static_cast<std::size_t>(width) - filled, '.') +
           "] " + std::to_string(static_cast<int>(part * 100)) + " % (" + std::to_string(done) + " of " +
           std::to_string(*total) + ")";
  } else {
    text = std::to_string(done);
  }
  if (!message.empty()) text += " " + std::string{message};
  return text;
}

}  // namespace rota
