// Tokens: no bytes are a token of their own, a key of another algorithm signs none, and of those that
// are signed rightly only those are taken whose claims a second reading finds good.
#include "supervisor/token/token.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <fstream>
#include <memory>
#include <string>
#include <variant>

#include "tests/fuzz/fuzz.h"
#include "tests/new_path.h"

namespace {

namespace json = boost::json;
using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;

const std::string kSecret = "an example secret of 32 bytes or more";
constexpr std::chrono::sys_seconds kNow{std::chrono::seconds{1'800'000'000}};
constexpr double kLeewaySeconds = 30;

std::string public_pem(const Key& key) {
  const std::unique_ptr<BIO, int (*)(BIO*)> sink{BIO_new(BIO_s_mem()), BIO_free};
  PEM_write_bio_PUBKEY(sink.get(), key.get());
  char* text = nullptr;
  const long size = BIO_get_mem_data(sink.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

struct Door {
  Door(const rota::OwnDirectory& directory, rota::TokenAlgorithm algorithm, std::string text)
      : key{std::move(text)}, verifier{configuration(directory, algorithm)} {}

  bool opens_to(const std::string& token) const {
    return std::holds_alternative<rota::Claims>(verifier.verify(token, kNow));
  }

  std::string key;  // before the verifier, which is made of it
  rota::TokenVerifier verifier;

 private:
  rota::HttpConfiguration configuration(const rota::OwnDirectory& directory,
                                        rota::TokenAlgorithm algorithm) const {
    rota::HttpConfiguration http;
    http.key_file = directory / "key";
    http.algorithm = algorithm;
    std::ofstream{http.key_file} << key;
    return http;
  }
};

struct Doors {
  rota::OwnDirectory directory{"rota-fuzz"};
  Door hs256{directory, rota::TokenAlgorithm::hs256, kSecret};
  Door rs256{directory, rota::TokenAlgorithm::rs256, public_pem({EVP_RSA_gen(2048), EVP_PKEY_free})};
  Door es256{directory, rota::TokenAlgorithm::es256, public_pem({EVP_EC_gen("P-256"), EVP_PKEY_free})};
};

// Base64 as RFC 7515, appendix C, has it.
std::string base64url(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  text.erase(std::min(text.find('='), text.size()));
  return text;
}

std::string signed_by(const std::string& secret, std::string_view header, std::string_view claims) {
  const std::string message = base64url(header) + "." + base64url(claims);
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(message.data()), message.size(), mac.data(), &size);
  return message + "." + base64url({reinterpret_cast<const char*>(mac.data()), size});
}

json::object object_in(std::string_view text) {
  json::error_code error;
  // libjwt reads what it has decoded as a C string: what follows a NUL, signed too, counts for nothing.
  const json::value value = json::parse(text.substr(0, text.find('\0')), error);
  return !error && value.is_object() ? value.get_object() : json::object{};
}

bool holds(const json::object& object, std::string_view name, std::string_view wanted) {
  const json::value* value = object.if_contains(name);
  if (!value) return false;
  if (!value->is_array()) return value->is_string() && value->get_string() == wanted;
  const auto& array = value->get_array();
  return std::any_of(array.begin(), array.end(), [wanted](const json::value& entry) {
    return entry.is_string() && entry.get_string() == wanted;
  });
}

void require_good_claims(std::string_view header, std::string_view claims, std::string_view input) {
  const json::object head = object_in(header);
  const json::object body = object_in(claims);
  rota::require(holds(head, "alg", "HS256"), "a token names the algorithm", input);
  rota::require(!head.contains("crit"), "a token with critical extensions is not taken", input);
  rota::require(holds(body, "aud", "rota") && holds(body, "iss", "rota"), "a token is for us and from us",
                input);
  const json::value* expires = body.if_contains("exp");
  rota::require(expires && expires->is_number(), "a token has an end", input);
  const double now = static_cast<double>(kNow.time_since_epoch().count());
  rota::require(expires->to_number<double>() > now - kLeewaySeconds - 1, "a token has not expired", input);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Doors doors;
  const std::string_view input = rota::text_of(data, size);
  for (const Door* door : {&doors.hs256, &doors.rs256, &doors.es256})
    rota::require(!door->opens_to(std::string{input}), "no bytes are a token without the key", input);
  const auto newline = std::min(input.find('\n'), input.size());
  const std::string_view header = input.substr(0, newline);
  const std::string_view claims = input.substr(std::min(newline + 1, input.size()));
  for (const Door* door : {&doors.rs256, &doors.es256})
    rota::require(!door->opens_to(signed_by(door->key, header, claims)), "a public key is no secret", input);
  if (doors.hs256.opens_to(signed_by(kSecret, header, claims))) require_good_claims(header, claims, input);
  return 0;
}
