#include <doctest/doctest.h>
#include <rota/job.h>
#include <rota/schedule.h>

#include <chrono>

using rota::every;
using rota::Schedule;
using rota::ScheduleError;
using namespace std::chrono_literals;

namespace {

// Misuse that must not compile.
template <typename Many>
constexpr bool counted_weekday = requires(Many many) { many.monday(); };
template <typename Step>
constexpr bool has_at = requires(Step step) { step.at(":10"); };
template <typename Step>
constexpr bool has_from = requires(Step step) { step.from("2026-01-05"); };
template <typename Step>
constexpr bool has_on = requires(Step step) { step.on(rota::Weekday::monday); };

static_assert(!counted_weekday<decltype(every(2))>);
static_assert(counted_weekday<decltype(every())>);
static_assert(!has_at<decltype(every().second())>);
static_assert(!has_at<decltype(every(10).seconds())>);
static_assert(!has_at<decltype(every(5).to(10).minutes())>);
static_assert(!has_at<decltype(every().day().at("03:00"))>);
static_assert(has_at<decltype(every().hour())>);
static_assert(!has_from<decltype(every().hour())>);
static_assert(has_from<decltype(every(2).weeks())>);
static_assert(!has_on<decltype(every(2).days())>);
static_assert(has_on<decltype(every(2).weeks())>);

std::string text(const Schedule& schedule) { return to_string(schedule); }

}  // namespace

TEST_CASE("the builder and the text make the same schedules") {
  CHECK(text(every().monday().at("02:00")) == "every monday at 02:00");
  CHECK(text(every().day().at("03:00", "Europe/Brussels")) == "every day at 03:00 in Europe/Brussels");
  CHECK(text(every().hour().at(":15")) == "every hour at :15");
  CHECK(text(every(10).minutes()) == "every 10 minutes");
  CHECK(text(every().minute().at(":05")) == "every minute at :05");
  CHECK(text(every(5).to(10).minutes()) == "every 5 to 10 minutes");
  CHECK(text(every(2).weeks().on(rota::Weekday::monday).at("02:00")) == "every 2 weeks on monday at 02:00");
  CHECK(text(every(3).days().from("2026-01-05").until("2027-01-01")) ==
        "every 3 days from 2026-01-05 until 2027-01-01");
  CHECK(text(every().day().at("04:40").in("Pacific/Apia").tag("scraper")) ==
        "every day at 04:40 in Pacific/Apia tag scraper");
  CHECK(text(rota::after_finish(10min)) == "10 minutes after finish");
  CHECK(text(rota::cron("20 2 * * 1-5").tag("office")) == "20 2 * * 1-5 tag office");
  CHECK(Schedule{every(2).hours().at("15:30")} == rota::parse_schedule("every 2 hours at 15:30"));
}

TEST_CASE("a schedule goes into a designated initializer as it is written") {
  const rota::Job job{.name = "one", .schedule = every().day().at("04:40"), .timeout = 30min};
  REQUIRE(job.schedule);
  CHECK(text(*job.schedule) == "every day at 04:40");
}

TEST_CASE("the builder refuses values that cannot be") {
  CHECK_THROWS_AS(every(0).minutes(), ScheduleError);
  CHECK_THROWS_AS(every(-1).days(), ScheduleError);
  CHECK_THROWS_AS(every(10).to(10).minutes(), ScheduleError);
  CHECK_THROWS_AS(every().day().at("25:00"), ScheduleError);
  CHECK_THROWS_AS(every().hour().at("15"), ScheduleError);
  CHECK_THROWS_AS(every().day().at("03:00", "Mars/Phobos"), ScheduleError);
  CHECK_THROWS_AS(every().day().until("yesterday"), ScheduleError);
  CHECK_THROWS_AS(every().day().until("18:00").at("19:00"), ScheduleError);
  CHECK_THROWS_AS(every().day().tag("two words"), ScheduleError);
  CHECK_THROWS_AS(rota::after_finish(0s), ScheduleError);
  CHECK_THROWS_AS(rota::cron("20 2 * * 1-5 /bin/true"), ScheduleError);
}
