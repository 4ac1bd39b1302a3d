// Why a request to the supervisor failed, as what a command says and ends with.
#pragma once

#include <stdexcept>
#include <string>

namespace rota {

// The exit statuses of the client commands; `run --wait` has more, run_exit_status.h.
enum class ClientExit { done = 0, refused = 1, usage = 2, unreachable = 3 };

// The message is a sentence for people and says what to do next.
class ClientError : public std::runtime_error {
 public:
  ClientError(ClientExit exit, const std::string& message) : std::runtime_error{message}, exit_{exit} {}
  ClientExit exit() const { return exit_; }
  int exit_status() const { return static_cast<int>(exit_); }

 private:
  ClientExit exit_;
};

// The supervisor answered, with an HTTP status other than 2xx.
class Refused : public ClientError {
 public:
  Refused(int status, const std::string& message)
      : ClientError{ClientExit::refused, message}, status_{status} {}
  int status() const { return status_; }

 private:
  int status_;
};

}  // namespace rota
