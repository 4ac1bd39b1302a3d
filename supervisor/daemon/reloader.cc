#include "supervisor/daemon/reloader.h"

#include <spdlog/spdlog.h>

#include <exception>
#include <memory>
#include <system_error>
#include <utility>

namespace rota {
namespace {

Reloader::Made make(const DaemonOptions& options) {
  try {
    return prepare(options);
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace

void Reloader::reload(std::function<void(ReloadResult)> done) {
  waiting_.push_back(std::move(done));
  if (served_.empty()) begin();
}

void Reloader::begin() {
  served_ = std::exchange(waiting_, {});
  parts_.begins();
  const auto read = [this, options = parts_.options, post = parts_.post] {
    const auto made = std::make_shared<Made>(make(options));
    post([this, made] { finish(std::move(*made)); });
  };
  try {
    thread_.run(read);
  } catch (const std::system_error& error) {
    spdlog::warn("the configuration is read by the event loop, as there is no thread: {}", error.what());
    read();
  }
}

void Reloader::finish(Made made) {
  const ReloadResult result = parts_.take(std::move(made));
  for (const auto& done : std::exchange(served_, {})) done(result);
  if (!waiting_.empty() && served_.empty()) begin();
}

}  // namespace rota
