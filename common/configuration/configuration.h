// The supervisor's configuration as values, read from one TOML file. Everything
// in it has been checked: a Configuration that exists can be started with.
#pragma once

#include <rota/job.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/mail/smtp.h"

namespace rota {

enum class TokenAlgorithm { hs256, rs256, es256 };

struct HttpConfiguration {
  bool enabled = true;
  std::string address = "127.0.0.1";
  std::uint16_t port = 8642;        // 0: any free port, said in the log and in the port file
  std::filesystem::path port_file;  // empty: none is written
  bool disable_auth = false;        // DISABLE_AUTH=true; only on a loopback address
  TokenAlgorithm algorithm = TokenAlgorithm::hs256;
  std::filesystem::path key_file;  // secret for hs256, PEM public key otherwise
  std::string audience = "rota";
  std::string issuer = "rota";
};

struct MailConfiguration {
  bool enabled = false;
  std::string host = "localhost";
  std::uint16_t port = 25;
  SmtpSecurity security = SmtpSecurity::starttls;
  std::filesystem::path ca_file;  // empty: the system's authorities
  std::string username;
  std::filesystem::path password_file;
  std::string from;
  std::vector<std::string> to;
  std::string reply_to;
  std::chrono::milliseconds summary_period = std::chrono::hours{1};
};

// What the configuration changes of a registered job; unset fields stay as registered.
struct JobOverride {
  bool enabled = true;
  std::optional<Schedule> schedule;
  std::optional<std::chrono::milliseconds> timeout;
  std::optional<std::chrono::milliseconds> grace;
  std::optional<bool> allow_overlap;
  Parameters parameters;  // each replaces the registered one of its name
};

struct Configuration {
  std::string zone;  // IANA name for schedules that name none
  std::filesystem::path database;
  std::filesystem::path log_directory;
  std::vector<std::filesystem::path> module_directories;
  std::filesystem::path worker;  // executable
  int threads = 8;               // I/O-bound runs at once
  int processes = 2;             // CPU-bound runs at once; default: the cores
  std::uint64_t run_log_limit_bytes = 4u << 20;
  HttpConfiguration http;
  MailConfiguration mail;
  std::map<std::string, JobOverride, std::less<>> jobs;
};

}  // namespace rota
