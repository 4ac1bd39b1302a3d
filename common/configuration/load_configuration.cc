#include "common/configuration/load_configuration.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "common/configuration/read_job.h"
#include "common/configuration/table_reader.h"
#include "common/schedule/zone_names.h"

namespace rota {
namespace {

// A file with a secret in it: there, and closed to everyone else.
void check_secret(TableReader& reader, std::string_view key, const std::filesystem::path& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0)
    reader.fault(key, "expected a file that exists: there is no " + file.string());
  else if ((status.st_mode & S_IRWXO) != 0)
    reader.fault(key, "expected a file that others cannot read; run: chmod o= " + file.string());
}

bool is_loopback(const std::string& address) { return address.starts_with("127.") || address == "::1"; }

bool is_mail_address(const std::string& text) {
  const auto at = text.find('@');
  return at != std::string::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string::npos &&
         std::none_of(text.begin(), text.end(),
                      [](char letter) { return letter <= ' ' || letter == ',' || letter == 127; });
}

void read_supervisor(TableReader reader, Configuration& configuration) {
  configuration.zone = reader.text("zone").value_or(system_zone());
  if (!is_known_zone(configuration.zone))
    reader.fault("zone", "expected an IANA time zone that this system has, such as \"Europe/Brussels\"");
  configuration.database = reader.path("database").value_or("/var/lib/rota/rota.db");
  configuration.log_directory = reader.path("log_directory").value_or("/var/log/rota");
  configuration.module_directories = {"/usr/lib/rota/jobs"};
  if (const auto directories = reader.texts("module_directories")) {
    configuration.module_directories.clear();
    const auto base = std::filesystem::absolute(reader.file()).parent_path();
    for (const std::string& directory : *directories)
      configuration.module_directories.push_back((base / directory).lexically_normal());
  }
  configuration.worker = reader.path("worker").value_or("");
  if (!configuration.worker.empty() && access(configuration.worker.c_str(), X_OK) != 0)
    reader.fault("worker", "expected an executable file, the program rota-worker");
  configuration.threads = static_cast<int>(reader.whole("threads", 1, 1000).value_or(configuration.threads));
  const auto cores = std::max(1U, std::thread::hardware_concurrency());
  configuration.processes = static_cast<int>(reader.whole("processes", 1, 1000).value_or(cores));
  configuration.run_log_limit_bytes =
      reader.size("run_log_limit").value_or(configuration.run_log_limit_bytes);
  reader.finish();
}

void read_listen(TableReader& reader, HttpConfiguration& http) {
  const auto listen = reader.text("listen");
  if (!listen) return;
  const auto colon = listen->rfind(':');
  std::string address = listen->substr(0, std::min(colon, listen->size()));
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  const std::string port = colon == std::string::npos ? "" : listen->substr(colon + 1);
  const bool digits =
      !port.empty() && port.size() <= 5 &&
      std::all_of(port.begin(), port.end(), [](char digit) { return digit >= '0' && digit <= '9'; });
  if (address.empty() || !digits || std::stoi(port) > 65535)
    return reader.fault("listen",
                        "expected an address and a port, such as \"127.0.0.1:8642\" or \"[::1]:8642\"");
  http.address = address;
  http.port = static_cast<std::uint16_t>(std::stoi(port));
}

void read_token_keys(TableReader reader, HttpConfiguration& http) {
  const auto algorithm = reader.one_of("algorithm", {"HS256", "RS256", "ES256"});
  http.algorithm = static_cast<TokenAlgorithm>(algorithm.value_or(0));
  const bool symmetric = http.algorithm == TokenAlgorithm::hs256;
  const auto secret = reader.path("secret_file");
  const auto key = reader.path("public_key_file");
  const char* wanted = symmetric ? "secret_file" : "public_key_file";
  const char* other = symmetric ? "public_key_file" : "secret_file";
  http.key_file = (symmetric ? secret : key).value_or("");
  if (reader.has(other)) reader.fault(other, std::string{"expected "} + wanted + " with this algorithm");
  if (!http.key_file.empty() && symmetric) check_secret(reader, wanted, http.key_file);
  if (http.key_file.empty() && http.enabled && !http.disable_auth && !reader.has(wanted))
    reader.fault(wanted,
                 symmetric ? "expected a file with a secret of at least 32 bytes, by which tokens are signed"
                           : "expected a file with the public key in PEM form");
  http.audience = reader.text("audience").value_or(http.audience);
  http.issuer = reader.text("issuer").value_or(http.issuer);
  reader.finish();
}

void read_http(TableReader reader, const Environment& environment, Problems& problems,
               HttpConfiguration& http) {
  http.enabled = reader.boolean("enabled").value_or(true);
  read_listen(reader, http);
  http.port_file = reader.path("port_file").value_or("");
  http.disable_auth = reader.boolean("disable_auth").value_or(false);
  if (const auto variable = environment.find("DISABLE_AUTH"); variable != environment.end()) {
    if (variable->second != "true" && variable->second != "false")
      problems.add("environment variable DISABLE_AUTH: found \"" + variable->second +
                   "\", expected true or false");
    http.disable_auth = variable->second == "true";
  }
  if (http.disable_auth && !is_loopback(http.address))
    problems.add("http.listen: authentication is disabled, and " + http.address +
                 " is no loopback address; listen on 127.0.0.1 or remove disable_auth and DISABLE_AUTH");
  read_token_keys(reader.table("jwt"), http);
  reader.finish();
}

void read_credentials(TableReader& reader, MailConfiguration& mail) {
  mail.username = reader.text("username").value_or("");
  mail.password_file = reader.path("password_file").value_or("");
  if (!mail.password_file.empty()) check_secret(reader, "password_file", mail.password_file);
  if (mail.username.empty() != mail.password_file.empty())
    reader.fault(mail.username.empty() ? "username" : "password_file",
                 "expected username and password_file together");
  if (!mail.username.empty() && mail.security == SmtpSecurity::none && !is_loopback(mail.host) &&
      mail.host != "localhost")
    reader.fault("security", "expected \"starttls\" or \"tls\": a password is not sent in the clear");
}

void read_mail(TableReader reader, MailConfiguration& mail) {
  mail.enabled = reader.boolean("enabled").value_or(reader.get() != nullptr);
  mail.host = reader.text("host").value_or(mail.host);
  const auto security = reader.one_of("security", {"none", "starttls", "tls"});
  mail.security = static_cast<SmtpSecurity>(security.value_or(static_cast<std::size_t>(mail.security)));
  mail.port = static_cast<std::uint16_t>(reader.whole("port", 1, 65535).value_or(mail.port));
  mail.ca_file = reader.path("ca_file").value_or("");
  read_credentials(reader, mail);
  mail.from = reader.text("from").value_or("");
  mail.to = reader.texts("to").value_or(std::vector<std::string>{});
  mail.reply_to = reader.text("reply_to").value_or("");
  mail.summary_period = reader.duration("summary_period").value_or(mail.summary_period);
  if (mail.enabled && (!reader.has("from") || !is_mail_address(mail.from)))
    reader.fault("from", "expected the address of the sender, such as \"rota@example.org\"");
  if (mail.enabled && !reader.has("to"))
    reader.fault("to", "expected a list of addresses that failures are told to");
  if (!std::all_of(mail.to.begin(), mail.to.end(), is_mail_address))
    reader.fault("to", "expected mail addresses");
  if (!mail.reply_to.empty() && !is_mail_address(mail.reply_to))
    reader.fault("reply_to", "expected a mail address");
  reader.finish();
}

void read_jobs(TableReader reader, Configuration& configuration) {
  if (!reader.get()) return;
  for (const auto& [name, table] : *reader.get())
    configuration.jobs.emplace(name.str(), read_job(reader.table(name.str())));
}

toml::table parse(const std::filesystem::path& file) {
  try {
    return toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    Problems problems{file};
    problems.add(error.source(), std::string{error.description()});
    throw ConfigurationError{problems.text()};
  }
}

}  // namespace

Configuration load_configuration(const std::filesystem::path& file, const Environment& environment) {
  if (access(file.c_str(), R_OK) != 0)
    throw ConfigurationError{file.string() + ": cannot be read; name the configuration file with --config"};
  const toml::table document = parse(file);
  Problems problems{file};
  TableReader reader{&document, "", problems};
  Configuration configuration;
  read_supervisor(reader.table("supervisor"), configuration);
  read_http(reader.table("http"), environment, problems, configuration.http);
  read_mail(reader.table("mail"), configuration.mail);
  read_jobs(reader.table("jobs"), configuration);
  reader.finish();
  if (!problems.empty()) throw ConfigurationError{problems.text()};
  return configuration;
}

Environment process_environment() {
  Environment variables;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view text{*entry};
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

}  // namespace rota
