#include <doctest/doctest.h>
#include <sys/mman.h>

#include <string>
#include <vector>

#include "supervisor/executor/process_executor.h"
#include "tests/supervisor/executor/executor_under_test.h"

namespace rota {
namespace {

using Processes = ExecutorUnderTest<ProcessExecutor, ProcessExecutorOptions>;

// Makes this process, the supervisor of the tests, hold more memory than any of its runs.
class Ballast {
 public:
  static constexpr std::size_t kBytes = std::size_t{256} << 20;
  Ballast()
      : memory_{mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1,
                     0)} {
    REQUIRE(memory_ != MAP_FAILED);
  }
  Ballast(const Ballast&) = delete;
  Ballast& operator=(const Ballast&) = delete;
  ~Ballast() { munmap(memory_, kBytes); }

 private:
  void* memory_;
};

TEST_CASE("the peak of memory is the run's own however much the supervisor holds") {
  const Ballast ballast;
  constexpr std::int64_t kBallastKib = Ballast::kBytes / 1024;
  Processes test{{kWorker, 1 << 20}};
  const Outcome outcome = test.run(test.request("p_ok"));
  CHECK(outcome.max_rss_kib > 0);
  CHECK(outcome.max_rss_kib < kBallastKib);
  const auto peak_of_command = [&](std::vector<std::string> arguments) {
    RunRequest request = test.request("p_ok");
    request.command = Command{};
    request.command->arguments = std::move(arguments);
    return test.run(std::move(request)).max_rss_kib;
  };
  const std::int64_t of_a_small_command = peak_of_command({"/bin/true"});
  CHECK(of_a_small_command > 0);
  CHECK(of_a_small_command < kBallastKib);
  const std::int64_t of_a_large_command =
      peak_of_command({"/bin/dd", "if=/dev/zero", "of=/dev/null", "bs=384M", "count=1"});
  CHECK(of_a_large_command >= 384 * 1024);
  CHECK(of_a_large_command < 512 * 1024);
}

}  // namespace
}  // namespace rota
