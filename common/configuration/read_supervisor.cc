#include "common/configuration/read_supervisor.h"

#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <thread>

#include "common/schedule/zone_names.h"
#include "common/text/job_name.h"
#include "common/time/duration.h"

namespace rota {
namespace {

const std::filesystem::path kModuleDirectory{"/usr/lib/rota/jobs"};

void read_module_directories(TableReader& reader, Configuration& configuration) {
  const auto directories = reader.texts("module_directories");
  if (!directories) {
    // A server with command jobs only has no modules; a directory that is named must be there.
    if (std::filesystem::exists(kModuleDirectory)) configuration.module_directories = {kModuleDirectory};
    return;
  }
  const auto base = std::filesystem::absolute(reader.file()).parent_path();
  for (const std::string& directory : *directories)
    configuration.module_directories.push_back((base / directory).lexically_normal());
}

void read_control(TableReader& reader, Configuration& configuration) {
  configuration.control_socket = "/run/rota/rota.sock";
  if (const auto socket = reader.text("control_socket", Least::nothing))
    configuration.control_socket = socket->empty() ? "" : reader.path("control_socket").value_or("");
  // unix(7): the path with its final zero byte fills sun_path at most.
  constexpr std::size_t kLongest = sizeof(sockaddr_un::sun_path) - 1;
  if (configuration.control_socket.native().size() > kLongest)
    reader.fault("control_socket", "expected a path of at most " + std::to_string(kLongest) + " bytes, not " +
                                       configuration.control_socket.string());
  configuration.control_group = reader.text("control_group").value_or(configuration.control_group);
}

void read_kept_time(TableReader& reader, std::string_view key,
                    std::optional<std::chrono::milliseconds>& time) {
  const auto text = reader.text(key);
  if (!text) return;
  time = std::nullopt;
  if (*text != "forever") time = parse_duration(*text);
  if (*text != "forever" && (!time || time->count() == 0))
    reader.fault(key, "expected a duration above zero, such as \"90 days\", or \"forever\"");
}

void read_kept_count(TableReader& reader, std::string_view key, std::optional<std::int64_t>& count) {
  if (!reader.has(key) || reader.is_whole(key)) {
    if (const auto number = reader.whole(key, 1, 1'000'000'000)) count = number;
  } else if (const auto text = reader.text(key); text == "forever") {
    count = std::nullopt;
  } else if (text) {
    reader.fault(key, "expected a whole number above zero or \"forever\"");
  }
}

}  // namespace

void read_supervisor(TableReader& reader, Configuration& configuration) {
  configuration.zone = reader.text("zone").value_or(system_zone());
  if (!is_known_zone(configuration.zone))
    reader.fault("zone", "expected an IANA time zone that this system has, such as \"Europe/Brussels\"");
  configuration.database = reader.path("database").value_or("/var/lib/rota/rota.db");
  configuration.log_directory = reader.path("log_directory").value_or("/var/log/rota");
  read_module_directories(reader, configuration);
  configuration.worker = reader.path("worker").value_or("");
  if (!configuration.worker.empty() && access(configuration.worker.c_str(), X_OK) != 0)
    reader.fault("worker", "expected an executable file, the program rota-worker");
  configuration.threads = static_cast<int>(reader.whole("threads", 1, 1000).value_or(configuration.threads));
  const auto cores = std::max(1U, std::thread::hardware_concurrency());
  configuration.processes = static_cast<int>(reader.whole("processes", 1, 1000).value_or(cores));
  configuration.run_log_limit_bytes =
      reader.size("run_log_limit").value_or(configuration.run_log_limit_bytes);
  read_control(reader, configuration);
}

void read_groups(TableReader reader, Configuration& configuration) {
  if (!reader.get()) return;
  for (const auto& [key, value] : *reader.get()) {
    const std::string name{key.str()};
    TableReader group = reader.table(key.str());
    if (!is_job_name(name)) reader.fault(name, std::string{kNameRule});
    const auto limit = group.whole("limit", 1, 10'000);
    if (group.get() && !group.has("limit"))
      group.fault("limit", "expected how many of its runs may run at once");
    group.finish();
    // A faulty group is known all the same: its jobs are not told that it is missing.
    configuration.group_limits[name] = static_cast<int>(limit.value_or(1));
  }
}

RetentionRules read_retention(TableReader reader, RetentionRules rules) {
  read_kept_time(reader, "rows_for", rules.rows_for);
  read_kept_count(reader, "rows_per_job", rules.rows_per_job);
  read_kept_time(reader, "logs_for", rules.logs_for);
  read_kept_count(reader, "logs_per_job", rules.logs_per_job);
  reader.finish();
  return rules;
}

}  // namespace rota
