#include <rota/schedule.h>

#include "common/schedule/moments.h"
#include "common/schedule/words.h"

namespace rota {
namespace {

std::string counted(const ScheduleRule& rule) {
  std::string text = std::to_string(rule.low);
  if (rule.high > rule.low) text += " to " + std::to_string(rule.high);
  return text + " " + std::string{singular(rule.unit)} + (rule.high > 1 ? "s" : "");
}

std::string interval_text(const ScheduleRule& rule) {
  const bool each = rule.high == 1;
  if (each && rule.weekday) return "every " + std::string{name_of(*rule.weekday)};
  std::string text = "every " + (each ? std::string{singular(rule.unit)} : counted(rule));
  if (rule.weekday) text += " on " + std::string{name_of(*rule.weekday)};
  return text;
}

std::string core_text(const ScheduleRule& rule) {
  switch (rule.kind) {
    case ScheduleRule::Kind::cron:
      return rule.cron.text;
    case ScheduleRule::Kind::after_finish:
      return counted(rule) + " after finish";
    case ScheduleRule::Kind::interval:
      break;
  }
  return interval_text(rule);
}

}  // namespace

std::string to_string(const Schedule& schedule) {
  const ScheduleRule& rule = schedule.rule();
  std::string text = core_text(rule);
  if (rule.from) text += " from " + date_text(*rule.from);
  if (rule.at) text += " at " + at_text(*rule.at, rule.unit);
  if (!rule.zone.empty()) text += " in " + rule.zone;
  if (rule.until) text += " until " + until_text(*rule.until);
  for (const std::string& tag : rule.tags) text += " tag " + tag;
  return text;
}

}  // namespace rota
