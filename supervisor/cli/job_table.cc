#include "supervisor/cli/job_table.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <string_view>
#include <utility>

#include "common/time/duration.h"
#include "supervisor/cli/json_fields.h"
#include "supervisor/cli/time_text.h"

namespace rota {
namespace {

using Object = boost::json::object;

std::string active_runs(const Object& job) { return text_member(job, "active_runs"); }

Cell state_cell(const Object& job) {
  if (object_member(job, "pause")) return {"paused", Colour::yellow};
  const std::string active = active_runs(job);
  if (active.empty()) return {"idle"};
  return {"run " + active, Colour::green};
}

constexpr std::array<std::string_view, 9> kShownFirst{
    "name",        "kind",    "schedule", "next_occurrence", "pause", "last_success_at",
    "active_runs", "command", "policies"};

const boost::json::array* list_member(const Object& job, std::string_view name) {
  const boost::json::value* value = job.if_contains(name);
  return value ? value->if_array() : nullptr;
}

// Its schedule, and the jobs after which it runs.
std::string when_text(const Object& job) {
  std::string text = text_member(job, "schedule");
  const boost::json::array* after = list_member(job, "after");
  if (!after || after->empty()) return text;
  return text.append(text.empty() ? "" : "; ").append(after_text(any_text(*after), text_member(job, "on")));
}

bool needs_quotes(std::string_view word) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-";
  return word.empty() || word.find_first_not_of(kPlain) != std::string_view::npos;
}

// As one would type it into a shell.
std::string command_text(const boost::json::array& words) {
  std::string text;
  for (const boost::json::value& value : words) {
    const std::string word = any_text(value);
    text += text.empty() ? "" : " ";
    if (!needs_quotes(word)) {
      text += word;
      continue;
    }
    text += '\'';
    for (const char letter : word) text += letter == '\'' ? std::string{"'\\''"} : std::string{letter};
    text += '\'';
  }
  return text;
}

std::string words_of(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string value_text(const boost::json::value& value);

// A name and its value for people: what is said in seconds becomes a duration.
std::pair<std::string, std::string> fact_of(std::string name, const boost::json::value& value) {
  constexpr std::string_view kUnit = "_seconds";
  if (!name.ends_with(kUnit) || !value.is_number()) return {words_of(std::move(name)), value_text(value)};
  name.resize(name.size() - kUnit.size());
  const auto milliseconds = static_cast<std::int64_t>(value.to_number<double>() * 1000);
  return {words_of(std::move(name)), format_duration(std::chrono::milliseconds{milliseconds})};
}

std::string value_text(const boost::json::value& value) {
  if (!value.is_object()) return any_text(value);
  std::string text;
  for (const auto& [name, member] : value.as_object()) {
    const auto [word, shown] = fact_of(std::string{name}, member);
    if (!shown.empty()) text.append(text.empty() ? "" : "; ").append(word).append(" ").append(shown);
  }
  return text;
}

void add(std::vector<Row>& rows, const std::string& name, Cell value) {
  if (!value.text.empty()) rows.push_back({{name + ":"}, std::move(value)});
}

}  // namespace

std::string after_text(const std::string& jobs, std::string_view on) {
  std::string text = "after " + jobs;
  if (!on.empty() && on != "success") text.append(" on ").append(on);
  return text;
}

Row job_titles() { return {{"JOB"}, {"KIND"}, {"STATE"}, {"NEXT"}, {"LAST SUCCESS"}, {"SCHEDULE"}}; }

GiveWay job_columns_that_give_way() { return {.texts = {0, 5}, .leave_out = {1, 4, 5}}; }

GiveWay fact_columns_that_give_way() { return {.texts = {1}, .leave_out = {}}; }

Row job_row(const Object& job, const std::string& zone) {
  return {{text_member(job, "name")},
          {text_member(job, "kind")},
          state_cell(job),
          {time_text(text_member(job, "next_occurrence"), zone)},
          {time_text(text_member(job, "last_success_at"), zone)},
          {when_text(job)}};
}

std::vector<Row> job_facts(const Object& job, const std::string& zone) {
  std::vector<Row> rows;
  for (const char* name : {"name", "kind", "schedule"}) add(rows, name, {text_member(job, name)});
  add(rows, "next occurrence", {time_text(text_member(job, "next_occurrence"), zone)});
  add(rows, "last success", {time_text(text_member(job, "last_success_at"), zone)});
  add(rows, "active runs", {active_runs(job), Colour::green});
  if (const Object* pause = object_member(job, "pause"))
    add(rows, "paused", {pause_text(*pause, zone), Colour::yellow});
  if (const boost::json::array* command = list_member(job, "command"))
    add(rows, "command", {command_text(*command)});
  const auto add_others = [&](const Object& object) {
    for (const auto& [name, value] : object) {
      if (std::find(kShownFirst.begin(), kShownFirst.end(), name) != kShownFirst.end()) continue;
      auto [word, shown] = fact_of(std::string{name}, value);
      add(rows, word, {std::move(shown)});
    }
  };
  add_others(job);
  if (const Object* policies = object_member(job, "policies")) add_others(*policies);
  return rows;
}

std::string pause_text(const Object& pause, const std::string& zone) {
  const std::string name = text_member(pause, "name");
  return text_member(pause, "scope") + (name.empty() ? "" : " " + name) + " by " +
         text_member(pause, "paused_by") + " since " + time_text(text_member(pause, "paused_at"), zone);
}

}  // namespace rota
