// Of many items that are due at some time, which is the first? The queue under the scheduler. Knows no clock.
// For one thread.
#pragma once

#include <boost/heap/d_ary_heap.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <ratio>
#include <vector>

#include "common/time/instant.h"

namespace rota {

// An entry of the scheduler is due at an instant.
struct CalendarItem {
  Instant at{};
  std::uint32_t entry = 0;
  std::uint32_t generation = 0;

  // Of those of one instant the one of the lowest entry is the first.
  bool is_before(const CalendarItem& other) const {
    return at != other.at ? at < other.at : entry < other.entry;
  }
};

// A priority queue. A heap of a million items does not fit the caches of the processor, and each step down in
// it is a wait for memory. So only the items of the quarter of an hour that is being taken out are in a heap;
// each later quarter has a list without order, to which is only appended. Any order of calls is right; what
// is fast is time that goes on.
class CalendarQueue {
 public:
  bool empty() const { return near_.empty() && far_.empty(); }

  // The first item. Not of an empty queue, nor is `pop`.
  const CalendarItem& top() const { return near_.empty() ? far_.begin()->second.front() : near_.top(); }

  void push(const CalendarItem& item);

  // Takes out the first item. The first of a quarter also brings the others of it into the heap.
  void pop();

  void clear();

 private:
  using Quarter = std::chrono::duration<std::int64_t, std::ratio<900>>;
  struct IsAfter {  // the heap puts the largest on top
    bool operator()(const CalendarItem& left, const CalendarItem& right) const {
      return right.is_before(left);
    }
  };

  // Four children beside each other: half as many levels are half as many waits.
  boost::heap::d_ary_heap<CalendarItem, boost::heap::arity<4>, boost::heap::compare<IsAfter>> near_;
  Instant far_begin_ = Instant::min();  // what is due before it is in near_, all else in far_
  // The items of each quarter that has any, the first of them in front.
  std::map<std::chrono::sys_time<Quarter>, std::vector<CalendarItem>> far_;
};

}  // namespace rota
