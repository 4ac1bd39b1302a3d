#include "supervisor/rules/pauses.h"

#include <algorithm>
#include <utility>

namespace rota {

bool Pauses::add(Pause pause) {
  if (find(pause.scope, pause.name)) return false;
  pauses_.push_back(std::move(pause));
  return true;
}

bool Pauses::remove(Pause::Scope scope, std::string_view name) {
  return std::erase_if(pauses_,
                       [&](const Pause& pause) { return pause.scope == scope && pause.name == name; }) > 0;
}

const Pause* Pauses::of(std::string_view job_name, std::string_view group) const {
  if (const Pause* own = find(Pause::Scope::job, job_name)) return own;
  if (!group.empty())
    if (const Pause* of_group = find(Pause::Scope::group, group)) return of_group;
  return find(Pause::Scope::all, {});
}

const Pause* Pauses::find(Pause::Scope scope, std::string_view name) const {
  const auto found = std::find_if(pauses_.begin(), pauses_.end(), [&](const Pause& pause) {
    return pause.scope == scope && pause.name == name;
  });
  return found == pauses_.end() ? nullptr : &*found;
}

}  // namespace rota
