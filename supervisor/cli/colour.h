// Which colour a state has. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace rota {

enum class Colour { none, green, red, yellow };

// Of a run's state by its word: green for what went well, red for what people are told of,
// yellow for what did not run or was stopped.
Colour colour_of_state(std::string_view state);

// The text between the escape sequences of its colour (ECMA-48, SGR).
std::string coloured(std::string_view text, Colour colour);

}  // namespace rota
