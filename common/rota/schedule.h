// The schedule language for job authors and for everyone who reads schedules:
// the value Schedule, its text form, and the builder `every(…)`. The grammar and
// the meaning are in common/schedule/README.md. Values that share nothing that can
// change: any thread may use its own copy.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rota {

// A schedule that cannot be. The message holds the position in the text, what
// stands there and what was expected.
class ScheduleError : public std::invalid_argument {
 public:
  ScheduleError(const std::string& message, std::size_t position)
      : std::invalid_argument{message}, position_{position} {}

  // Bytes from the start of the text that was read.
  std::size_t position() const { return position_; }

 private:
  std::size_t position_;
};

enum class Weekday { sunday, monday, tuesday, wednesday, thursday, friday, saturday };
enum class Unit { second, minute, hour, day, week };

// What a Schedule is made of. Only common/schedule fills it; the forecast reads it too.
struct ScheduleRule {
  enum class Kind { interval, cron, after_finish };

  // The sets of crontab(5) as bits; `text` is the entry in its canonical spelling.
  struct Cron {
    std::uint64_t minutes = 0;
    std::uint32_t hours = 0;
    std::uint32_t days = 0;
    std::uint16_t months = 0;
    std::uint8_t weekdays = 0;
    // Whether the field begins with `*`, which crontab(5) gives a meaning of its own.
    bool star_minute = false;
    bool star_hour = false;
    bool star_day = false;
    bool star_weekday = false;
    std::string text;
    bool operator==(const Cron&) const = default;
  };

  // Inclusive. A date alone holds to the end of that day, a time alone for each day.
  struct Until {
    std::optional<std::int32_t> day;     // days since 1970-01-01
    std::optional<std::int32_t> second;  // of the day
    bool operator==(const Until&) const = default;
  };

  Kind kind = Kind::interval;
  std::int32_t low = 1;
  std::int32_t high = 1;  // above `low`: a random interval
  Unit unit = Unit::day;
  std::optional<Weekday> weekday;    // of a week
  std::optional<std::int32_t> at;    // seconds into the day, hour or minute
  std::optional<std::int32_t> from;  // days since 1970-01-01, for days and weeks
  std::optional<Until> until;
  Cron cron;
  std::string zone;  // IANA name; empty: none is named
  std::vector<std::string> tags;
  std::string seed;  // of random intervals; not part of the text

  bool operator==(const ScheduleRule&) const = default;
};

// A rule that yields occurrences. A value; it has no other state. Copies share the rule, so that a job's
// table and its calendar have it once.
class Schedule {
 public:
  // Takes a rule as it is; made by parse_schedule and the builder.
  explicit Schedule(ScheduleRule rule) : rule_{std::make_shared<const ScheduleRule>(std::move(rule))} {}

  // The first occurrence strictly after `after`; nullopt if there is none any
  // more. For a fixed delay `after` is the instant at which the run before ended.
  // A schedule that names no zone reads as UTC. Throws std::runtime_error if the
  // zone has gone from the system since it was checked.
  std::optional<std::chrono::sys_seconds> next_after(std::chrono::sys_seconds after) const;

  // The same schedule in `zone`, if it names none itself. Throws ScheduleError
  // for a zone that the system does not know.
  Schedule with_default_zone(const std::string& zone) const;

  // The same schedule with its random intervals, if it has any, drawn for `seed`, a job's name.
  Schedule with_seed(std::string seed) const;

  // True for `10 minutes after finish`.
  bool counts_from_finish() const { return rule_->kind == ScheduleRule::Kind::after_finish; }

  const std::string& zone() const { return rule_->zone; }
  const std::vector<std::string>& tags() const { return rule_->tags; }
  const ScheduleRule& rule() const { return *rule_; }

  bool operator==(const Schedule& other) const { return rule_ == other.rule_ || *rule_ == *other.rule_; }

 private:
  std::shared_ptr<const ScheduleRule> rule_;
};

// Reads a schedule in words (`every monday at 02:00 in Europe/Brussels`) or as a
// crontab entry (`20 2 * * 1-5`, `@daily`). Throws ScheduleError.
Schedule parse_schedule(std::string_view text);

// The canonical text; parse_schedule gives the same schedule from it.
std::string to_string(const Schedule& schedule);

namespace builder {

// The clauses that every schedule may end with. Each throws ScheduleError.
template <typename Self>
class Clauses {
 public:
  explicit Clauses(ScheduleRule rule) : rule_{std::move(rule)} {}

  Self in(std::string_view zone) const;
  Self until(std::string_view moment) const;
  Self tag(std::string_view name) const;

  // NOLINTNEXTLINE(google-explicit-constructor): the end of the chain is the schedule
  operator Schedule() const { return Schedule{rule_}; }

 protected:
  ScheduleRule rule_;
};

class Complete : public Clauses<Complete> {
 public:
  using Clauses::Clauses;
};

// `at` takes ":SS".
class EveryMinutes : public Clauses<EveryMinutes> {
 public:
  using Clauses::Clauses;
  Complete at(std::string_view time) const;
};

// `at` takes ":MM" or "MM:SS".
class EveryHours : public Clauses<EveryHours> {
 public:
  using Clauses::Clauses;
  Complete at(std::string_view time) const;
};

// `at` takes "HH:MM" or "HH:MM:SS"; `from` is the date "YYYY-MM-DD" from which
// days and weeks count.
class EveryDays : public Clauses<EveryDays> {
 public:
  using Clauses::Clauses;
  EveryDays from(std::string_view date) const;
  Complete at(std::string_view time, std::string_view zone = {}) const;
};

class EveryWeeks : public EveryDays {
 public:
  using EveryDays::EveryDays;
  EveryDays on(Weekday weekday) const;
};

// every(5).to(10)
class ManyOrRange {
 public:
  ManyOrRange(int low, int high);
  Complete seconds() const;
  Complete minutes() const;
  Complete hours() const;
  EveryDays days() const;
  EveryWeeks weeks() const;

 private:
  ScheduleRule rule(Unit unit) const;
  int low_;
  int high_;
};

// every(10)
class Many {
 public:
  explicit Many(int count);
  Complete seconds() const;
  EveryMinutes minutes() const;
  EveryHours hours() const;
  EveryDays days() const;
  EveryWeeks weeks() const;
  ManyOrRange to(int high) const { return ManyOrRange{count_, high}; }

 private:
  ScheduleRule rule(Unit unit) const;
  int count_;
};

// every()
class One {
 public:
  Complete second() const;
  EveryMinutes minute() const;
  EveryHours hour() const;
  EveryDays day() const;
  EveryWeeks week() const;
  EveryDays monday() const { return on(Weekday::monday); }
  EveryDays tuesday() const { return on(Weekday::tuesday); }
  EveryDays wednesday() const { return on(Weekday::wednesday); }
  EveryDays thursday() const { return on(Weekday::thursday); }
  EveryDays friday() const { return on(Weekday::friday); }
  EveryDays saturday() const { return on(Weekday::saturday); }
  EveryDays sunday() const { return on(Weekday::sunday); }

 private:
  EveryDays on(Weekday weekday) const;
};

}  // namespace builder

// every().monday().at("02:00"), every(10).minutes(), every(5).to(10).minutes().
// A count that is not positive throws ScheduleError; what is not English, such as
// every(2).monday(), does not compile.
inline builder::One every() { return {}; }
inline builder::Many every(int count) { return builder::Many{count}; }

// A fixed delay: the next run is due so long after the one before has ended.
// Whole seconds above zero, else ScheduleError.
builder::Complete after_finish(std::chrono::seconds delay);

// A crontab entry: cron("20 2 * * 1-5"). Throws ScheduleError.
builder::Complete cron(std::string_view entry);

}  // namespace rota
