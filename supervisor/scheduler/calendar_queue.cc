#include "supervisor/scheduler/calendar_queue.h"

#include <utility>

namespace rota {

void CalendarQueue::push(const CalendarItem& item) {
  if (item.at < far_begin_) {
    near_.push(item);
    return;
  }
  auto& items = far_[std::chrono::floor<Quarter>(item.at)];
  items.push_back(item);
  if (item.is_before(items.front())) std::swap(items.front(), items.back());
}

void CalendarQueue::pop() {
  if (near_.empty()) {
    const auto quarter = far_.begin();
    for (const CalendarItem& item : quarter->second) near_.push(item);
    far_begin_ = quarter->first + Quarter{1};
    far_.erase(quarter);
  }
  near_.pop();
}

void CalendarQueue::clear() {
  near_.clear();
  far_.clear();
  far_begin_ = Instant::min();
}

}  // namespace rota
