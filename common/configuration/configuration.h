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

#include "common/command/command.h"
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
  bool operator==(const HttpConfiguration&) const = default;
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

// How long finished runs are kept: a row or log goes once it is older than the time,
// or once its job has so many newer ones. Unset: it is kept for ever.
struct RetentionRules {
  std::optional<std::chrono::milliseconds> rows_for = std::chrono::hours{24 * 365};
  std::optional<std::int64_t> rows_per_job;
  std::optional<std::chrono::milliseconds> logs_for = std::chrono::hours{24 * 90};
  std::optional<std::int64_t> logs_per_job;
  bool operator==(const RetentionRules&) const = default;
};

// What one [jobs.NAME] table says. Without a command it changes a registered job; unset fields
// stay as registered. With one it defines the job, and unset fields have the defaults of Job.
struct JobSettings {
  std::string place;  // "FILE:LINE" of the table
  bool enabled = true;
  std::optional<Command> command;
  CommandLimits limits;  // of a job without a command, which must run in a process; a command has its own
  std::optional<Schedule> schedule;
  std::optional<std::chrono::milliseconds> timeout;
  std::optional<std::chrono::milliseconds> grace;
  Parameters parameters;  // each replaces the registered one of its name
  std::optional<OverlapPolicy> overlap;
  std::optional<CatchUpPolicy> catch_up;
  std::optional<std::chrono::seconds> misfire_grace;
  std::optional<RetryPolicy> retry;
  std::optional<DependencyPolicy> dependencies;
  std::optional<std::string> group;
  std::optional<int> priority;
  std::optional<std::chrono::seconds> spread;
  std::optional<std::chrono::milliseconds> finish_within;
  std::optional<std::chrono::milliseconds> success_within;
  std::optional<RetentionRules> retention;
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
  std::filesystem::path control_socket;  // empty: none
  std::string control_group =
      "rota";  // its members may use the socket, beside root and the supervisor's user
  std::map<std::string, int, std::less<>> group_limits;  // runs at once of each concurrency group
  RetentionRules retention;                              // of jobs that have none of their own
  HttpConfiguration http;
  MailConfiguration mail;
  std::map<std::string, JobSettings, std::less<>> jobs;
};

}  // namespace rota
