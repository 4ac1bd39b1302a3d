#include "supervisor/crontab/cron_meaning.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <sstream>

#include "common/schedule/cron.h"
#include "common/schedule/zone.h"

namespace rota {
namespace {

constexpr std::int64_t kDayMinutes = 1440;
constexpr std::int64_t kNever = -1;

struct Bounds {
  int low;
  int high;
  std::string_view names;  // three letters each, the first for `low`
};

constexpr std::array<Bounds, 5> kBounds{{{0, 59, ""},
                                         {0, 23, ""},
                                         {1, 31, ""},
                                         {1, 12, "janfebmaraprmayjunjulaugsepoctnovdec"},
                                         {0, 7, "sunmontuewedthufrisat"}}};

std::optional<int> value_of(std::string text, const Bounds& bounds) {
  int number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) {
    for (char& letter : text) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    const std::size_t place = text.size() == 3 ? bounds.names.find(text) : std::string_view::npos;
    if (place == std::string_view::npos || place % 3 != 0) return std::nullopt;
    return bounds.low + static_cast<int>(place / 3);
  }
  if (end != text.data() + text.size() || number < bounds.low || number > bounds.high) return std::nullopt;
  return number;
}

// One part of a list: *, a value, or a range, each with a step or without.
std::optional<std::uint64_t> read_part(const std::string& part, const Bounds& bounds) {
  const std::size_t slash = part.find('/');
  const std::string span = part.substr(0, slash);
  const std::size_t dash = span.find('-');
  std::optional<int> first = bounds.low;
  std::optional<int> last = bounds.high;
  if (span != "*") first = value_of(span.substr(0, dash), bounds);
  if (span != "*" && dash != std::string::npos) last = value_of(span.substr(dash + 1), bounds);
  if (span != "*" && dash == std::string::npos && slash == std::string::npos) last = first;
  int step = 1;
  if (slash != std::string::npos) {
    const auto [end, error] = std::from_chars(part.data() + slash + 1, part.data() + part.size(), step);
    if (error != std::errc{} || end != part.data() + part.size() || step < 1) return std::nullopt;
  }
  if (!first || !last || *first > *last) return std::nullopt;
  std::uint64_t set = 0;
  for (int value = *first; value <= *last; value += std::min(step, 60)) set |= std::uint64_t{1} << value;
  return set;
}

std::optional<std::uint64_t> read_field(const std::string& field, const Bounds& bounds) {
  std::uint64_t set = 0;
  std::istringstream parts{field};
  for (std::string part; std::getline(parts, part, ',');) {
    const auto read = read_part(part, bounds);
    if (!read) return std::nullopt;
    set |= *read;
  }
  return set;
}

std::string_view fields_of_name(std::string_view name) {
  for (const auto& [known, fields] : kCronNames)
    if (known == name) return fields;
  return name;
}

bool allows(std::uint64_t set, std::int64_t value) { return (set >> value & 1U) != 0; }

bool allows_day(const CronFields& fields, std::chrono::sys_days date) {
  const std::chrono::year_month_day civil{date};
  if (!allows(fields.months, static_cast<unsigned>(civil.month()))) return false;
  const bool day = allows(fields.days, static_cast<unsigned>(civil.day()));
  const bool weekday = allows(fields.weekdays, std::chrono::weekday{date}.c_encoding());
  return fields.day_needs_both ? day && weekday : day || weekday;
}

// The first minute of the local clock, counted from 1970, not before `minute` that the fields
// allow; a 29 February that is a given weekday can be 40 years away.
std::int64_t next_allowed(const CronFields& fields, std::int64_t minute) {
  const std::chrono::sys_days first = std::chrono::floor<std::chrono::days>(
      std::chrono::sys_time<std::chrono::minutes>{std::chrono::minutes{minute}});
  for (int days = 0; days < 366 * 41; ++days) {
    const std::chrono::sys_days date = first + std::chrono::days{days};
    if (!allows_day(fields, date)) continue;
    const std::int64_t midnight = date.time_since_epoch().count() * kDayMinutes;
    for (std::int64_t of_day = std::max<std::int64_t>(minute - midnight, 0); of_day < kDayMinutes; ++of_day)
      if (allows(fields.hours, of_day / 60) && allows(fields.minutes, of_day % 60)) return midnight + of_day;
  }
  return kNever;
}

// Walks through the minutes as the daemon does. `now` is an instant, `seen` the last minute that
// the local clock has shown; both in minutes since 1970.
class Walk {
 public:
  Walk(const CronFields& fields, Zone& zone, std::int64_t now)
      : fields_{fields}, zone_{zone}, now_{now}, segment_{segment(now)}, seen_{now + offset()} {}

  // The next instant, in minutes; kNever if there is none.
  std::int64_t next() {
    for (;;) {
      const std::int64_t due = next_allowed(fields_, seen_ + 1);
      if (due == kNever) return kNever;
      if ((due - offset()) * 60 < segment_.end) {
        seen_ = due;
        // Right after a jump forward several minutes are made up for at one instant.
        now_ = std::max(now_, due - offset());
        return now_;
      }
      cross_change();
    }
  }

 private:
  Zone::Segment segment(std::int64_t minute) const { return zone_.segment(minute * 60); }
  std::int64_t offset() const { return segment_.offset / 60; }

  void cross_change() {
    constexpr std::int64_t kLongestMadeUp = 180;
    const std::int64_t before = offset();
    now_ = segment_.end / 60;
    segment_ = segment(now_);
    const std::int64_t shown_before = now_ + before - 1;
    const std::int64_t jump = offset() - before;
    const bool made_up = !fields_.follows_the_clock && std::abs(jump) <= kLongestMadeUp;
    seen_ = made_up ? std::max(seen_, shown_before) : now_ + offset() - 1;
  }

  const CronFields& fields_;
  Zone& zone_;
  std::int64_t now_;
  Zone::Segment segment_;
  std::int64_t seen_;
};

}  // namespace

std::optional<CronFields> read_cron_fields(std::string_view text) {
  std::istringstream words{std::string{fields_of_name(text)}};
  std::array<std::string, 5> texts;
  std::array<std::uint64_t, 5> sets{};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!(words >> texts.at(i))) return std::nullopt;
    const auto set = read_field(texts.at(i), kBounds.at(i));
    if (!set) return std::nullopt;
    sets.at(i) = *set;
  }
  if (words >> std::ws; !words.eof()) return std::nullopt;
  const auto star = [&texts](std::size_t i) { return texts.at(i).starts_with('*'); };
  return CronFields{.minutes = sets[0],
                    .hours = sets[1],
                    .days = sets[2],
                    .months = sets[3],
                    .weekdays = sets[4] | sets[4] >> 7,
                    .day_needs_both = star(2) || star(4),
                    .follows_the_clock = star(0) || star(1)};
}

std::vector<std::chrono::sys_seconds> cron_occurrences(const CronFields& fields, const std::string& zone,
                                                       std::chrono::sys_seconds after, int count) {
  // From the day before, so that what a change had already shown is known.
  Walk walk{fields, Zone::of(zone), after.time_since_epoch().count() / 60 - kDayMinutes};
  std::vector<std::chrono::sys_seconds> occurrences;
  while (static_cast<int>(occurrences.size()) < count) {
    const std::int64_t minute = walk.next();
    if (minute == kNever) break;
    const std::chrono::sys_seconds instant{std::chrono::minutes{minute}};
    if (instant > after && (occurrences.empty() || occurrences.back() < instant))
      occurrences.push_back(instant);
  }
  return occurrences;
}

}  // namespace rota
