// The files by which tokens are signed and checked.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include "common/configuration/configuration.h"

namespace rota {

// The message names the file and what it should hold.
class TokenKeyError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The secret (without the newline at its end, at least 32 bytes: RFC 7518, section 3.2) or
// the public key (PEM; RSA of at least 2048 bits, or P-256) that the algorithm needs.
// Throws TokenKeyError.
std::string read_token_key(const std::filesystem::path& file, TokenAlgorithm algorithm);

// Reads the key by which requests are to be checked, if there is to be one, to see that it is one. Throws
// TokenKeyError with the configuration's key in the message.
void check_token_key(const HttpConfiguration& http);

}  // namespace rota
