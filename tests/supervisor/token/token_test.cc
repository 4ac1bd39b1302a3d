#include "supervisor/token/token.h"

#include <doctest/doctest.h>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "supervisor/token/token_key.h"
#include "tests/new_path.h"

using namespace std::chrono_literals;

namespace {

const std::string kSecret = "a secret for these tests of 32 bytes or more";
const std::chrono::sys_seconds kNow{std::chrono::seconds{1'800'000'000}};

struct SecretFile {
  explicit SecretFile(const std::string& text) { std::ofstream{path} << text; }
  ~SecretFile() { std::filesystem::remove(path); }
  std::filesystem::path path = rota::new_path("rota-token-test");
};

rota::TokenVerifier verifier() {
  const SecretFile file{kSecret + "\n"};
  rota::HttpConfiguration http;
  http.key_file = file.path;
  return rota::TokenVerifier{http};
}

rota::TokenRequest request() { return {"somebody", "run read", "rota", "rota", kNow, 1h}; }

bool accepted(const rota::TokenRequest& wanted, std::chrono::sys_seconds now,
              const std::string& secret = kSecret) {
  return std::holds_alternative<rota::Claims>(verifier().verify(rota::mint_token(secret, wanted), now));
}

}  // namespace

TEST_CASE("a token that was minted is taken with its subject and scopes") {
  const auto verified = verifier().verify(rota::mint_token(kSecret, request()), kNow + 1min);
  REQUIRE(std::holds_alternative<rota::Claims>(verified));
  CHECK(std::get<rota::Claims>(verified).subject == "somebody");
  CHECK(std::get<rota::Claims>(verified).scopes == std::vector<std::string>{"run", "read"});
}

TEST_CASE("a token ends at its time with little leeway") {
  CHECK(accepted(request(), kNow + 1h + 29s));
  CHECK_FALSE(accepted(request(), kNow + 1h + 30s));
}

TEST_CASE("audience and issuer and secret must be those of the configuration") {
  auto other = request();
  other.audience = "elsewhere";
  CHECK_FALSE(accepted(other, kNow));
  other = request();
  other.issuer = "elsewhere";
  CHECK_FALSE(accepted(other, kNow));
  CHECK_FALSE(accepted(request(), kNow, "another secret of 32 bytes or more, indeed"));
}

TEST_CASE("a changed token is refused at every place") {
  const std::string token = rota::mint_token(kSecret, request());
  for (std::size_t i = 0; i < token.size(); i += 3) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    // The last letter of a part has bits that no byte uses.
    if (i + 1 == token.size() || token[i + 1] == '.') continue;
    CHECK(std::holds_alternative<rota::TokenError>(verifier().verify(changed, kNow)));
  }
}

TEST_CASE("a short secret is refused with what to do") {
  const SecretFile file{"short"};
  CHECK_THROWS_WITH_AS(rota::read_token_key(file.path, rota::TokenAlgorithm::hs256),
                       doctest::Contains("openssl rand"), rota::TokenKeyError);
  CHECK_THROWS_AS(rota::read_token_key(file.path, rota::TokenAlgorithm::rs256), rota::TokenKeyError);
  CHECK_THROWS_AS(rota::read_token_key("/no/such/file", rota::TokenAlgorithm::hs256), rota::TokenKeyError);
}
