#include <doctest/doctest.h>
#include <rota/schedule.h>

#include <string>
#include <vector>

using rota::parse_schedule;
using rota::ScheduleError;

namespace {

struct Refused {
  const char* text;
  std::size_t position;
  const char* expected;  // part of the message
};

}  // namespace

TEST_CASE("canonical text reads as the same schedule") {
  const std::vector<std::string> canonical{"every second",
                                           "every 45 seconds",
                                           "every minute",
                                           "every minute at :30",
                                           "every 10 minutes",
                                           "every 7 minutes at :05",
                                           "every 5 to 10 minutes",
                                           "every hour",
                                           "every hour at :15",
                                           "every hour at 15:30",
                                           "every 2 hours at :00",
                                           "every 30 to 90 seconds",
                                           "every day",
                                           "every day at 03:00",
                                           "every day at 03:00:05 in Europe/Brussels",
                                           "every 3 days from 2026-01-05 at 04:40",
                                           "every monday",
                                           "every sunday at 23:59:59",
                                           "every 2 weeks on monday at 02:00",
                                           "every week at 02:00",
                                           "every 2 to 4 days at 12:00",
                                           "every day at 09:00 until 2027-01-01",
                                           "every 10 minutes until 18:00",
                                           "every hour until 2027-01-01 12:30",
                                           "every monday at 02:00 tag scraper tag nightly",
                                           "20 2 * * 1-5",
                                           "@daily",
                                           "@hourly in Asia/Kathmandu",
                                           "*/15 8-18 * jan,jul mon-fri tag office",
                                           "0 0 1,15 * 1",
                                           "5-59/20 * * * *",
                                           "10 minutes after finish",
                                           "1 day after finish",
                                           "90 seconds after finish",
                                           "2 hours after finish until 2030-06-01 tag slow"};
  for (const std::string& text : canonical) {
    CAPTURE(text);
    const rota::Schedule schedule = parse_schedule(text);
    CHECK(to_string(schedule) == text);
    CHECK(parse_schedule(to_string(schedule)) == schedule);
  }
}

TEST_CASE("other spellings have a canonical form") {
  CHECK(to_string(parse_schedule("  EVERY   Monday AT 2:00 ")) == "every monday at 02:00");
  CHECK(to_string(parse_schedule("every 1 day at 03:00:00")) == "every day at 03:00");
  CHECK(to_string(parse_schedule("every week on fri")) == "every friday");
  CHECK(to_string(parse_schedule("every day in UTC at 03:00")) == "every day at 03:00 in UTC");
  CHECK(to_string(parse_schedule("60 minutes after finish")) == "1 hour after finish");
  CHECK(to_string(parse_schedule("20  2 * *  MON-Fri")) == "20 2 * * mon-fri");
  CHECK(to_string(parse_schedule("@Daily")) == "@daily");
  CHECK(to_string(parse_schedule("every day until 2027-01-01T09:00")) == "every day until 2027-01-01 09:00");
}

TEST_CASE("what is wrong is refused with its position and what was expected") {
  const std::vector<Refused> refused{
      {"", 0, "every"},
      {"daily", 0, "every"},
      {"every", 5, "a unit"},
      {"every fortnight", 6, "a unit"},
      {"every 2 mondays", 8, "every 2 weeks on monday"},
      {"every 0 minutes", 6, "from 1"},
      {"every 10 to 5 minutes", 12, "from 11"},
      {"every 5 to 10", 13, "a unit"},
      {"every day at 24:00", 13, "23:59:59"},
      {"every day at 3", 13, "HH:MM"},
      {"every hour at :60", 14, "59"},
      {"every hour at 12:30:15", 14, "MM:SS"},
      {"every minute at :75", 16, "second within"},
      {"every second at :10", 13, "seconds have no time"},
      {"every 5 to 10 minutes at :10", 22, "random"},
      {"every day on monday", 10, "\"at\""},
      {"every hour from 2026-01-01", 11, "\"at\""},
      {"every day at 03:00 at 04:00", 19, "expected \"from\", \"in\""},
      {"every day at 03:00 in Mars/Phobos", 22, "IANA"},
      {"every day at 03:00 in ../../etc/passwd", 22, "IANA"},
      {"every day at 03:00 in right/Europe/Brussels", 22, "IANA"},
      {"every monday on tuesday", 13, "expected \"from\", \"at\", \"in\", \"until\", \"tag\" or the end"},
      {"every day in UTC until 12:00 until 13:00", 29, "expected \"from\", \"at\", \"tag\" or the end"},
      {"every day until 2026-02-30", 16, "date"},
      {"every day at 19:00 until 18:00", 25, "never due"},
      {"0 19 * * * until 18:00", 17, "never due"},
      {"every day tag a tag a", 20, "does not have yet"},
      {"10 minutes after lunch", 17, "finish"},
      {"10 minutes", 10, "after finish"},
      {"0 minutes after finish", 0, "from 1"},
      {"61 * * * *", 0, "0 to 59"},
      {"0 24 * * *", 2, "0 to 23"},
      {"0 0 32 * *", 4, "1 to 31"},
      {"0 0 0 * *", 4, "1 to 31"},
      {"0 0 * 13 *", 6, "1 to 12"},
      {"0 0 * foo *", 6, "name"},
      {"0 0 * * 8", 8, "0 to 7"},
      {"0 0 * * fri-mon", 8, "ascends"},
      {"*/0 * * * *", 2, "step from 1"},
      {"*/61 * * * *", 2, "step from 1"},
      {"5/15 * * * *", 0, "5-59/15"},
      {"1,,2 * * * *", 2, "0 to 59"},
      {"0 0 * *", 7, "five fields"},
      {"0 0 * * 1 root", 10, "\"in\""},
      {"0 0 L * *", 4, "1 to 31"},
      {"@reboot", 0, "calendar"},
      {"@fortnightly", 0, "@yearly"},
      {"30 2 30 2 *", 5, "never be due"},
      {"0 0 31 4,6,9,11 *", 4, "never be due"},
  };
  for (const Refused& entry : refused) {
    CAPTURE(entry.text);
    try {
      parse_schedule(entry.text);
      FAIL_CHECK("was not refused");
    } catch (const ScheduleError& error) {
      CAPTURE(error.what());
      CHECK(error.position() == entry.position);
      CHECK(std::string{error.what()}.find(entry.expected) != std::string::npos);
      CHECK(std::string{error.what()}.find("position " + std::to_string(entry.position + 1)) !=
            std::string::npos);
    }
  }
}

TEST_CASE("tags and zone can be asked for") {
  const auto schedule = parse_schedule("every day at 03:00 in Asia/Kathmandu tag one tag two");
  CHECK(schedule.zone() == "Asia/Kathmandu");
  CHECK(schedule.tags() == std::vector<std::string>{"one", "two"});
  CHECK(schedule.with_default_zone("UTC").zone() == "Asia/Kathmandu");
  CHECK(parse_schedule("@daily").with_default_zone("Europe/Brussels").zone() == "Europe/Brussels");
  CHECK_THROWS_AS(parse_schedule("@daily").with_default_zone("Nowhere"), ScheduleError);
}
