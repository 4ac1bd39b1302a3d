// The one door to the time zone library: what a schedule needs to know of a zone.
// Seconds since 1970-01-01T00:00 throughout, of the instant (UTC) or of the local
// clock. Every thread has its own copies, so nothing is shared.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>

namespace rota {

class Zone {
 public:
  // A span of instants with one offset from UTC.
  struct Segment {
    std::int64_t begin = std::numeric_limits<std::int64_t>::min();
    std::int64_t end = std::numeric_limits<std::int64_t>::max();  // exclusive
    std::int64_t offset = 0;

    bool holds(std::int64_t instant) const { return begin <= instant && instant < end; }
  };

  // The calling thread's own Zone of that name; empty is UTC. It lives as long as
  // the thread. Throws std::runtime_error if the system does not have the zone.
  static Zone& of(const std::string& name);

  ~Zone();

  Segment segment(std::int64_t instant);

  // The instant of a local time by RFC 5545, section 3.3.5: one that occurs twice is
  // its first, one in a gap is read with the offset before the gap.
  std::int64_t instant_of(std::int64_t local) const;

 private:
  explicit Zone(const std::string& name);

  struct Data;
  std::unique_ptr<Data> data_;
  Segment last_segment_;
};

}  // namespace rota
