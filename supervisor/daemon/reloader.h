// Reads a new configuration beside the event loop, which goes on meanwhile: with many jobs it takes seconds.
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "supervisor/daemon/prepare.h"
#include "supervisor/executor/thread_pool.h"
#include "supervisor/http/scheduler_api.h"

namespace rota {

// For the event loop's thread, but for its own thread inside.
class Reloader {
 public:
  // A configuration that can be put in force, or why the files give none.
  using Made = std::variant<Prepared, std::string>;

  struct Parts {
    DaemonOptions options;
    std::function<void(std::function<void()>)> post;  // hands a function to the loop, from any thread
    std::function<void()> begins;                     // the files are read from now on
    std::function<ReloadResult(Made)> take;           // puts it in force, on the loop's thread
  };
  explicit Reloader(Parts parts) : parts_{std::move(parts)} {}

  // Answers once what the files say from now on is in force, or why it is not. Who asks while they are read
  // is answered after they have been read again, since they may have changed.
  void reload(std::function<void(ReloadResult)> done);

 private:
  void begin();
  void finish(Made made);

  Parts parts_;
  std::vector<std::function<void(ReloadResult)>> waiting_;
  std::vector<std::function<void(ReloadResult)>> served_;  // by what is read now
  ThreadPool thread_{1};
};

}  // namespace rota
