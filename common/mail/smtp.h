// Hands a complete message to a mail server.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rota {

enum class SmtpSecurity { none, starttls, tls };

struct SmtpServer {
  std::string host = "localhost";
  std::uint16_t port = 25;
  SmtpSecurity security = SmtpSecurity::starttls;
  std::filesystem::path ca_file;  // empty: the system's authorities
  std::string username;           // empty: no authentication
  std::string password;
};

// Empty `error`: the server has taken the message. `permanent`: it said that it never will (5xx).
struct SendResult {
  std::string error;
  bool permanent = false;
};

// Sends within 30 seconds, or says why not. Any thread; waits for the network. With
// starttls or tls the server's certificate is checked, and nothing is sent in the clear.
SendResult send_message(const SmtpServer& server, const std::string& sender,
                        const std::vector<std::string>& recipients, const std::string& message);

}  // namespace rota
