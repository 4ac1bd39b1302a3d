#include "supervisor/notify/alarm_rules.h"

#include <doctest/doctest.h>

#include "supervisor/notify/failure_mail.h"
#include "supervisor/notify/outbox.h"

using namespace std::chrono_literals;
using rota::AlarmDecision;
using rota::AlarmMail;
using rota::AlarmState;
using rota::Instant;
using rota::RunState;

namespace {

constexpr auto kPeriod = std::chrono::milliseconds{1h};
const Instant kStart{std::chrono::milliseconds{1'800'000'000'000}};

// Feeds ends of runs, one a minute, and collects the mails.
struct Story {
  AlarmState state;
  Instant now = kStart;
  std::vector<AlarmMail> mails;
  AlarmDecision last;

  void end(RunState run, int times = 1) {
    for (; times > 0; --times) {
      last = rota::decide(state, run, now, kPeriod);
      state = last.state;
      if (last.mail != AlarmMail::none) mails.push_back(last.mail);
      now += 1min;
    }
  }
};

}  // namespace

TEST_CASE("the first failure is told at once and the recovery once") {
  Story story;
  story.end(RunState::succeeded);
  story.end(RunState::failed);
  story.end(RunState::succeeded, 2);
  story.end(RunState::crashed);
  CHECK(story.mails == std::vector{AlarmMail::failure, AlarmMail::recovery, AlarmMail::failure});
}

TEST_CASE("a job that fails every minute sends one summary a period") {
  Story story;
  story.end(RunState::timed_out, 121);
  CHECK(story.mails == std::vector{AlarmMail::failure, AlarmMail::summary, AlarmMail::summary});
  CHECK(story.last.failures == 60);
}

TEST_CASE("every kind of failure raises the alarm and nothing else touches it") {
  for (const RunState state : {RunState::failed, RunState::timed_out, RunState::crashed, RunState::lost}) {
    Story story;
    story.end(state);
    CHECK(story.mails == std::vector{AlarmMail::failure});
  }
  Story story;
  for (const RunState state : {RunState::skipped, RunState::missed, RunState::cancelled}) story.end(state);
  CHECK(story.mails.empty());
  story.end(RunState::failed);
  for (const RunState state : {RunState::skipped, RunState::missed, RunState::cancelled}) story.end(state);
  CHECK(story.state.failing);
}

TEST_CASE("a summary goes out though no further run ends") {
  Story story;
  story.end(RunState::failed, 3);
  CHECK(rota::next_summary_at(story.state, kPeriod) == kStart + kPeriod);
  CHECK(rota::summarise(story.state, kStart + kPeriod - 1ms, kPeriod).mail == AlarmMail::none);
  const AlarmDecision due = rota::summarise(story.state, kStart + kPeriod, kPeriod);
  CHECK(due.mail == AlarmMail::summary);
  CHECK(due.failures == 2);
  CHECK_FALSE(rota::next_summary_at(due.state, kPeriod));
}

TEST_CASE("the wait between attempts grows to an hour") {
  CHECK(rota::back_off(1) == 10s);
  CHECK(rota::back_off(2) == 1min);
  CHECK(rota::back_off(3) == 2min);
  CHECK(rota::back_off(8) == 1h);
  CHECK(rota::back_off(1000) == 1h);
}

TEST_CASE("a clock that was set back puts no summary further away than a period") {
  Story story;
  story.end(RunState::failed, 3);
  AlarmState state = story.state;
  const Instant back = kStart - 24h;
  CHECK(rota::forget_the_future(state, back));
  CHECK(rota::next_summary_at(state, kPeriod) == back + kPeriod);
  CHECK_FALSE(rota::forget_the_future(state, back + 1min));
}

TEST_CASE("a mail waits no longer than the wait between attempts though the clock is set back") {
  rota::OutboxMail mail;
  mail.attempts = 2;
  mail.next_attempt_at = kStart + 1min;
  CHECK_FALSE(rota::is_due(mail, kStart));
  CHECK(rota::is_due(mail, kStart + 1min));
  CHECK(rota::is_due(mail, kStart - 24h));
}

TEST_CASE("a failure mail says what one needs to know") {
  rota::Run run;
  run.id = 42;
  run.job_name = "scrape";
  run.state = RunState::timed_out;
  run.scheduled_for = kStart;
  run.started_at = kStart;
  run.finished_at = kStart + 90min;
  run.error_type = "timeout";
  run.error_message = "ran longer than <its> timeout";
  const AlarmDecision decision = rota::decide({}, run.state, kStart, kPeriod);
  const rota::Mail mail = rota::run_mail(decision.mail, run, decision, "last line\n", {}, "host", kStart);
  CHECK(mail.subject == "[rota] scrape timed out");
  for (const char* part :
       {"scrape", "42", "1 h 30 min", "timeout", "last line", "2027-01-15T08:00:00.000Z"}) {
    CHECK(mail.text.find(part) != std::string::npos);
    CHECK(mail.html.find(part) != std::string::npos);
  }
  CHECK(mail.html.find("&lt;its&gt;") != std::string::npos);
  CHECK(mail.message_id ==
        rota::run_mail(decision.mail, run, decision, "", {}, "host", kStart + 1h).message_id);
}
