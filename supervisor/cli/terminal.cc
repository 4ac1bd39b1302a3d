#include "supervisor/cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace rota {
namespace {

std::size_t width_of(int descriptor) {
  winsize size{};
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

bool wants_colour() {
  const char* refused = std::getenv("NO_COLOR");
  const char* kind = std::getenv("TERM");
  return !(refused && *refused) && kind && std::string_view{kind} != "dumb";
}

}  // namespace

Terminal standard_output() {
  if (isatty(STDOUT_FILENO) != 1) return {};
  return {width_of(STDOUT_FILENO), wants_colour()};
}

bool standard_error_is_terminal() { return isatty(STDERR_FILENO) == 1; }

std::size_t standard_error_width() { return width_of(STDERR_FILENO); }

}  // namespace rota
