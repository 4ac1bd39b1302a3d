// One page of the European Parliament's meeting register, from HTML to values. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rota::jobs {

struct Attendee {
  std::string name;
  std::string url;
};

struct RegisteredMeeting {
  std::string title;
  std::string member;
  std::string starts_at;  // as in the page's time element: YYYY-MM-DD, or with THH:MM
  std::string location;
  std::string capacity;
  std::string reference;
  std::string badge;
  std::string badge_title;
  std::vector<Attendee> attendees;
};

struct RegisterPage {
  std::optional<int> results;  // of the whole search; nullopt if the page does not say
  std::vector<RegisteredMeeting> meetings;
  int unreadable = 0;  // blocks without a title or a date
};

// Whatever is not well-formed HTML is read as browsers would.
RegisterPage read_register_page(std::string_view html);

}  // namespace rota::jobs
