// Policies in the words of the configuration, for whoever shows them. Pure; any thread.
#pragma once

#include <rota/policies.h>

#include <string_view>

namespace rota {

inline std::string_view rule_word(OverlapPolicy::Rule rule) {
  switch (rule) {
    case OverlapPolicy::Rule::skip:
      return "skip";
    case OverlapPolicy::Rule::queue:
      return "queue";
    case OverlapPolicy::Rule::parallel:
      return "parallel";
    case OverlapPolicy::Rule::replace:
      return "replace";
  }
  return "";
}

inline std::string_view rule_word(CatchUpPolicy::Rule rule) {
  switch (rule) {
    case CatchUpPolicy::Rule::once:
      return "once";
    case CatchUpPolicy::Rule::skip:
      return "skip";
    case CatchUpPolicy::Rule::all:
      return "all";
  }
  return "";
}

inline std::string_view on_word(DependencyPolicy::On on) {
  switch (on) {
    case DependencyPolicy::On::success:
      return "success";
    case DependencyPolicy::On::failure:
      return "failure";
    case DependencyPolicy::On::always:
      return "always";
  }
  return "";
}

}  // namespace rota
