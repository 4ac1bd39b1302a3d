// Who may ask what. Pure but for the time, which is given.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "supervisor/http/message.h"
#include "supervisor/token/token.h"

namespace rota {

// What a request needs: nothing, or the scope of that name in its token.
enum class Right { none, read, run };

class Access {
 public:
  // Without a verifier authentication is off: then only requests to a loopback name or
  // address and `port` are let in, and none that a page of another origin has caused, so
  // that neither such a page nor DNS rebinding can use it. That holds for Right::none too.
  Access(std::optional<TokenVerifier> verifier, std::uint16_t port)
      : verifier_{std::move(verifier)}, port_{port} {}

  // The subject that asks (empty for Right::none), or the answer that refuses: 401 without
  // a valid token, 403 without the scope. The scope `run` does not include `read`.
  std::variant<std::string, HttpAnswer> check(const HttpRequest& request, Right right,
                                              std::chrono::system_clock::time_point now) const;

 private:
  std::variant<std::string, HttpAnswer> check_local(const HttpRequest& request) const;

  std::optional<TokenVerifier> verifier_;
  std::uint16_t port_;
};

}  // namespace rota
