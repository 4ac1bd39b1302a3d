#include "supervisor/http/status_json.h"

#include "supervisor/http/json_values.h"

namespace rota {

namespace json = boost::json;

std::string status_text(const SupervisorStatus& status) {
  json::array pauses;
  for (const Pause& pause : status.pauses) pauses.push_back(json_pause(pause));
  return serialized(json::object{{"version", json_text(status.version)},
                                 {"started_at", json_instant(status.started_at)},
                                 {"jobs", status.jobs},
                                 {"running", status.running},
                                 {"waiting", status.waiting},
                                 {"next_occurrence", json_instant(status.next_occurrence)},
                                 {"next_job", json_text(status.next_job)},
                                 {"pauses", std::move(pauses)},
                                 {"trouble", json_text(status.trouble)}});
}

std::string scope_text(Pause::Scope scope, const std::string& name) {
  return serialized(json::object{{"scope", to_string(scope)}, {"name", json_text(name)}});
}

std::string reload_text(const ReloadResult& result) {
  return serialized(json::object{{"added", result.added},
                                 {"changed", result.changed},
                                 {"removed", result.removed},
                                 {"unchanged", result.unchanged}});
}

std::string prune_text(const PruneResult& result) {
  return serialized(json::object{{"rows", result.rows}, {"logs", result.logs}});
}

}  // namespace rota
