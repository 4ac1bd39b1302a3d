// Who asks, and may they? The one place where that is decided, for TCP and for the
// control socket. Pure but for the time, which is given.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "supervisor/http/message.h"
#include "supervisor/token/token.h"

namespace rota {

// What a request needs: nothing, or the scope of that name.
enum class Right { none, read, run, admin };

// Who asks.
struct Caller {
  std::string subject;              // what requested_by and paused_by say
  std::vector<std::string> scopes;  // of read, run, admin
};

// Over TCP: each request carries a token.
struct ByToken {
  TokenVerifier verifier;
};

// Over TCP without authentication: only requests to a loopback name or address and `port`
// are let in, and none that a page of another origin has caused, so that neither such a page
// nor DNS rebinding can use it. That holds for Right::none too.
struct OnLoopback {
  std::uint16_t port = 0;
};

// Over the control socket: the kernel says who asks. That holds for Right::none too.
struct ByLocalUser {
  std::string group;  // whose members may
};

using Access = std::variant<ByToken, OnLoopback, ByLocalUser>;

// Who asks (nobody in particular for Right::none by token), or the answer that refuses: 401
// without a valid token, 403 without the scope or the membership. No scope includes another.
std::variant<Caller, HttpAnswer> check_access(const Access& access, const HttpRequest& request, Right right,
                                              std::chrono::system_clock::time_point now);

}  // namespace rota
