// How many runs a second, and how late they start.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace rota::benchmark {

// Workers a second, spawned and waited for without a supervisor, `parallel` at a time.
double bare_spawns_a_second(int parallel, std::chrono::seconds duration);

// Runs a second of a job that does nothing, from the trigger until its outcome is on disk.
double runs_a_second(const std::string& job, int places, const std::filesystem::path& directory,
                     std::chrono::seconds duration);

// How long after its instant a job that is due every second ran its first line; ascending.
std::vector<std::chrono::nanoseconds> firing_delays(const std::string& job,
                                                    const std::filesystem::path& directory,
                                                    std::chrono::seconds duration);

}  // namespace rota::benchmark
