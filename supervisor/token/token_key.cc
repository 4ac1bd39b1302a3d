#include "supervisor/token/token_key.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <fstream>
#include <iterator>
#include <memory>

namespace rota {
namespace {

constexpr std::size_t kLeastSecretBytes = 32;
constexpr int kLeastRsaBits = 2048;

bool is_suitable_key(const std::string& pem, TokenAlgorithm algorithm) {
  const std::unique_ptr<BIO, int (*)(BIO*)> source{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                   BIO_free};
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key{
      PEM_read_bio_PUBKEY(source.get(), nullptr, nullptr, nullptr), EVP_PKEY_free};
  if (!key) return false;
  if (algorithm == TokenAlgorithm::rs256)
    return EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_RSA && EVP_PKEY_get_bits(key.get()) >= kLeastRsaBits;
  return EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_EC && EVP_PKEY_get_bits(key.get()) == 256;
}

}  // namespace

std::string read_token_key(const std::filesystem::path& file, TokenAlgorithm algorithm) {
  std::ifstream stream{file, std::ios::binary};
  if (!stream) throw TokenKeyError{"token key " + file.string() + ": cannot be read"};
  std::string key{std::istreambuf_iterator<char>{stream}, {}};
  if (algorithm != TokenAlgorithm::hs256) {
    if (!is_suitable_key(key, algorithm))
      throw TokenKeyError{
          "token key " + file.string() + ": expected a public key in PEM form, " +
          (algorithm == TokenAlgorithm::rs256 ? "RSA of at least 2048 bits" : "on the curve P-256")};
    return key;
  }
  while (!key.empty() && (key.back() == '\n' || key.back() == '\r')) key.pop_back();
  if (key.size() < kLeastSecretBytes)
    throw TokenKeyError{"token secret " + file.string() + ": has " + std::to_string(key.size()) +
                        " bytes, expected at least 32; make one with: openssl rand -hex 32"};
  return key;
}

void check_token_key(const HttpConfiguration& http) {
  if (!http.enabled || http.disable_auth) return;
  try {
    read_token_key(http.key_file, http.algorithm);
  } catch (const TokenKeyError& error) {
    const bool symmetric = http.algorithm == TokenAlgorithm::hs256;
    throw TokenKeyError{std::string{symmetric ? "http.jwt.secret_file: " : "http.jwt.public_key_file: "} +
                        error.what()};
  }
}

}  // namespace rota
