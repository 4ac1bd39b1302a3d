#include "supervisor/executor/run_log.h"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

#include "tests/new_path.h"
#include "tests/supervisor/executor/executor_under_test.h"

namespace rota {
namespace {

struct LogFile {
  OwnDirectory directory{"rota-run-log-test"};
  std::filesystem::path file = directory / "job" / "run.log";
};

// Writes to a log there, and answers what was wrong with that.
std::string trouble_of_writing(const std::filesystem::path& file) {
  RunLog log{file, 1000};
  log.write("text");
  log.close();
  return log.trouble();
}

TEST_CASE("what fits is kept whole and can be read while it is written") {
  const LogFile test;
  RunLog log{test.file, 1000};
  log.write("first\n");
  CHECK(content(test.file) == "first\n");
  log.write("second\n");
  log.close();
  CHECK(content(test.file) == "first\nsecond\n");
  struct stat status {};
  REQUIRE(stat(test.file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0640);
}

TEST_CASE("a run that says nothing has no file") {
  const LogFile test;
  {
    RunLog log{test.file, 1000};
    log.write("");
    log.close();
    log.write("too late");
    CHECK(log.trouble().empty());
  }
  CHECK_FALSE(std::filesystem::exists(test.file.parent_path()));
}

TEST_CASE("what could not be written is marked where it is missing") {
  const LogFile test;
  RunLog log{test.file, 1000};
  log.write("first\n");
  // A disk that is full, for this process alone.
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  const rlimit none{6, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_FSIZE, &none) == 0);
  log.write("second\n");
  log.write("third\n");
  REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, SIG_DFL);
  CHECK(log.trouble() == "the run log cannot be written: File too large");
  log.write("fourth\n");
  log.close();
  CHECK(content(test.file) ==
        "first\n\n[13 bytes are missing here: the run log cannot be written: File too large]\nfourth\n");
}

TEST_CASE("of too much the head and the tail are kept and the cut is marked") {
  const LogFile test;
  for (const std::size_t piece : {1U, 7U, 100U, 5000U}) {
    std::filesystem::remove(test.file);
    {
      RunLog log{test.file, 200};
      std::string text;
      for (int i = 0; text.size() < 5000; ++i) text += std::to_string(i) + " ";
      text.resize(5000);
      for (std::size_t at = 0; at < text.size(); at += piece)
        log.write(std::string_view{text}.substr(at, piece));
    }
    const std::string kept = content(test.file);
    CHECK(kept.starts_with("0 1 2 3 "));
    CHECK(kept.find("[4800 bytes are cut here") != std::string::npos);
    CHECK(kept.size() < 300);
  }
}

TEST_CASE("a file or link that is there already is not touched") {
  const LogFile test;
  std::filesystem::create_directories(test.file.parent_path());
  const auto target = test.directory / "target";
  std::ofstream{target} << "precious";
  std::filesystem::create_symlink(target, test.file);
  CHECK(trouble_of_writing(test.file).find("run.log") != std::string::npos);
  CHECK(content(target) == "precious");
}

TEST_CASE("a link in the place of the directory of a job leads nowhere") {
  const LogFile test;
  const auto elsewhere = test.directory / "elsewhere";
  std::filesystem::create_directory(elsewhere);
  std::filesystem::create_symlink(elsewhere, test.file.parent_path());
  CHECK(trouble_of_writing(test.file).find("run.log") != std::string::npos);
  CHECK(std::filesystem::is_empty(elsewhere));
}

TEST_CASE("a log that has become a link or a pipe has no last lines") {
  const LogFile test;
  std::filesystem::create_directories(test.file.parent_path());
  const auto target = test.directory / "target";
  std::ofstream{target} << "a secret\n";
  std::filesystem::create_symlink(target, test.file);
  CHECK(read_last_lines(test.file, 9, 1000).empty());
  std::filesystem::remove(test.file);
  REQUIRE(mkfifo(test.file.c_str(), 0600) == 0);
  CHECK(read_last_lines(test.file, 9, 1000).empty());
}

TEST_CASE("the last lines are those of the end") {
  const LogFile test;
  std::filesystem::create_directories(test.file.parent_path());
  std::ofstream{test.file} << "1\n2\n3\n4\n";
  CHECK(read_last_lines(test.file, 2, 1000) == "3\n4\n");
  CHECK(read_last_lines(test.file, 9, 1000) == "1\n2\n3\n4\n");
  CHECK(read_last_lines(test.file, 9, 3) == "\n4\n");
  CHECK(read_last_lines("/no/such/file", 9, 3).empty());
}

}  // namespace
}  // namespace rota
