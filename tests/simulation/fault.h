// A promise that did not hold. Thrown wherever a rule is checked, caught once a seed.
#pragma once

#include <stdexcept>
#include <string>

namespace rota::simulation {

class Fault : public std::runtime_error {
 public:
  Fault(const std::string& rule, const std::string& what) : std::runtime_error{rule + ": " + what} {}
};

}  // namespace rota::simulation
