// Why a command could not be started.
#pragma once

#include <cstring>
#include <stdexcept>
#include <string>

namespace rota {

// The message names what was refused. The exit statuses are those of env(1) and shells.
class StartError : public std::runtime_error {
 public:
  static constexpr int kNotFound = 127;  // and everything else
  static constexpr int kNotExecutable = 126;

  explicit StartError(const std::string& message, int exit_status = kNotFound)
      : std::runtime_error{message}, exit_status_{exit_status} {}

  int exit_status() const { return exit_status_; }

 private:
  int exit_status_;
};

// "WHAT: No such file or directory", with the text of the errno value `error`.
inline StartError system_refused(const std::string& what, int error) {
  return StartError{what + ": " + strerrordesc_np(error)};
}

}  // namespace rota
