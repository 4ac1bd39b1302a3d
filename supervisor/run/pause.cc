#include "supervisor/run/pause.h"

namespace rota {

std::string_view to_string(Pause::Scope scope) {
  switch (scope) {
    case Pause::Scope::job:
      return "job";
    case Pause::Scope::group:
      return "group";
    case Pause::Scope::all:
      break;
  }
  return "all";
}

}  // namespace rota
