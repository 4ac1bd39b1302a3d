#include "common/schedule/zone.h"

#include <cctz/civil_time.h>
#include <cctz/time_zone.h>

#include <chrono>
#include <map>
#include <stdexcept>

namespace rota {
namespace {

using TimePoint = cctz::time_point<cctz::seconds>;

TimePoint time_point(std::int64_t instant) { return TimePoint{cctz::seconds{instant}}; }
std::int64_t seconds_of(TimePoint point) { return point.time_since_epoch().count(); }

}  // namespace

struct Zone::Data {
  cctz::time_zone zone;
};

Zone::Zone(const std::string& name) : data_{std::make_unique<Data>()} {
  if (!cctz::load_time_zone(name.empty() ? "UTC" : name, &data_->zone))
    throw std::runtime_error{"time zone " + name +
                             ": not found in the system's tzdata; install the package tzdata"};
  last_segment_ = {0, 0, 0};
}

Zone::~Zone() = default;

Zone& Zone::of(const std::string& name) {
  thread_local std::map<std::string, std::unique_ptr<Zone>, std::less<>> zones;
  thread_local const std::string* last_name = nullptr;
  thread_local Zone* last = nullptr;
  if (last_name && *last_name == name) return *last;
  auto found = zones.find(name);
  if (found == zones.end()) found = zones.emplace(name, std::unique_ptr<Zone>{new Zone{name}}).first;
  last_name = &found->first;
  last = found->second.get();
  return *last;
}

Zone::Segment Zone::segment(std::int64_t instant) {
  if (last_segment_.holds(instant)) return last_segment_;
  const TimePoint point = time_point(instant);
  Segment segment;
  segment.offset = data_->zone.lookup(point).offset;
  cctz::time_zone::civil_transition transition;
  if (data_->zone.next_transition(point, &transition))
    segment.end = seconds_of(data_->zone.lookup(transition.to).trans);
  // prev_transition answers what lies strictly before, and this second may be the first of its segment.
  if (data_->zone.prev_transition(point + cctz::seconds{1}, &transition))
    segment.begin = seconds_of(data_->zone.lookup(transition.to).trans);
  last_segment_ = segment;
  return segment;
}

std::int64_t Zone::instant_of(std::int64_t local) const {
  const cctz::civil_second civil = cctz::civil_second{1970, 1, 1} + local;
  return seconds_of(data_->zone.lookup(civil).pre);
}

}  // namespace rota
