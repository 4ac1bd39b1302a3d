// What is paused, and by whom. Pure, for the event loop.
#pragma once

#include <string_view>
#include <vector>

#include "supervisor/run/pause.h"

namespace rota {

class Pauses {
 public:
  explicit Pauses(std::vector<Pause> pauses = {}) : pauses_{std::move(pauses)} {}

  // False if that scope is paused already; then it stays as it is.
  bool add(Pause pause);
  // False if it was not paused.
  bool remove(Pause::Scope scope, std::string_view name);

  // The pause that holds a job, the narrowest of several; nullptr for none. Valid until the
  // next change.
  const Pause* of(std::string_view job_name, std::string_view group) const;

  const std::vector<Pause>& all() const { return pauses_; }

 private:
  const Pause* find(Pause::Scope scope, std::string_view name) const;

  std::vector<Pause> pauses_;
};

}  // namespace rota
