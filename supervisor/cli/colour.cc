#include "supervisor/cli/colour.h"

#include "supervisor/run/run.h"

namespace rota {

Colour colour_of_state(std::string_view state) {
  const auto known = parse_run_state(state);
  if (!known || *known == RunState::queued || *known == RunState::running) return Colour::none;
  if (*known == RunState::succeeded) return Colour::green;
  return is_failure(*known) ? Colour::red : Colour::yellow;
}

std::string coloured(std::string_view text, Colour colour) {
  const char* code = colour == Colour::green    ? "32"
                     : colour == Colour::red    ? "31"
                     : colour == Colour::yellow ? "33"
                                                : nullptr;
  if (!code) return std::string{text};
  return "\033[" + std::string{code} + "m" + std::string{text} + "\033[0m";
}

}  // namespace rota
