#include <doctest/doctest.h>

#include "common/protocol/fork_request.h"

namespace rota {
namespace {

using std::string_literals::operator""s;

TEST_CASE("a fork request arrives as it was asked") {
  for (const ForkRequest& request : {ForkRequest{1, "clean_up", "/usr/lib/rota/jobs/clean_up.so"},
                                     ForkRequest{9223372036854775807, "back_up", ""}})
    CHECK(decode_fork_request(encode(request).value()) == request);
}

TEST_CASE("a fork request that is too long is none") {
  CHECK_FALSE(encode({1, "job", std::string(kMaximumForkRequestBytes, 'x')}).has_value());
  CHECK(encode({1, "job", std::string(kMaximumForkRequestBytes - 6, 'x')}).has_value());
}

TEST_CASE("what is no fork request is not taken for one") {
  for (const std::string& text : {""s, "1"s, "1\0job"s, "\0job\0module"s, "x\0job\0module"s,
                                  "1x\0job\0module"s, "99999999999999999999\0job\0module"s})
    CHECK_FALSE(decode_fork_request(text).has_value());
}

}  // namespace
}  // namespace rota
