// One job for every word that a schedule in C++ has. Each is named so that the test finds
// the text that it should be.
#include <rota/job.h>

#include <string>

namespace {

using rota::every;
using rota::Weekday;

rota::ScraperResult nothing(rota::JobContext&) { return {}; }

}  // namespace

ROTA_REGISTER_JOBS(scheduler) {
  using namespace std::chrono_literals;
  int number = 0;
  const auto add = [&](const rota::Schedule& schedule) {
    scheduler.register_job(
        {.name = "word_" + std::to_string(++number), .function = nothing, .schedule = schedule});
  };
  add(every().second());
  add(every(15).seconds());
  add(every().minute());
  add(every().minute().at(":05"));
  add(every(10).minutes());
  add(every(10).minutes().at(":30"));
  add(every().hour());
  add(every().hour().at(":15"));
  add(every().hour().at("15:30"));
  add(every(2).hours().at("20:30"));
  add(every().day());
  add(every().day().at("10:30"));
  add(every().day().at("10:30:42"));
  add(every().day().at("12:42", "Europe/Amsterdam"));
  add(every(3).days().at("10:30"));
  add(every().week());
  add(every(2).weeks().on(Weekday::monday).at("02:00"));
  add(every().monday());
  add(every().tuesday());
  add(every().wednesday().at("13:15"));
  add(every().thursday());
  add(every().friday());
  add(every().saturday());
  add(every().sunday());
  add(every(5).to(10).seconds());
  add(every(5).to(10).minutes());
  add(every(2).to(4).hours());
  add(every(1).to(3).days());
  add(every().hour().until("2097-01-01"));
  add(every().hour().until("2097-01-01 18:30"));
  add(every().hour().until("18:30"));
  add(every().day().tag("daily").tag("friend"));
  add(every().day().in("Asia/Kathmandu"));
  add(rota::after_finish(10min));
  add(rota::cron("20 2 * * 1-5"));
  add(rota::cron("@daily"));
}
