// Reads the coming week of the European Parliament's meeting register into meetings.db:
// a job in a process of its own, with its retries inside.
//
// Parameters: database; base_url, the address of the search page; today (the clock's
// date); attempts for each page (3); retry_delay_ms (2000); page_timeout_ms (30000).
#include <rota/job.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <vector>

#include "jobs/support/fetch_page.h"
#include "jobs/support/meetings_database.h"
#include "jobs/support/parameters.h"
#include "jobs/support/register_page.h"
#include "jobs/support/title_similarity.h"

namespace {

using rota::JobContext;
using rota::ScraperResult;
using rota::Statement;
using namespace rota::jobs;  // NOLINT(google-build-using-namespace): the helpers of these jobs
using std::chrono::milliseconds;

constexpr int kDays = 7;
constexpr int kResultsAPage = 10;
constexpr int kMostPages = 51;
constexpr double kNearDuplicate = 90;

struct Stopped {};

struct Settings {
  std::string search;  // the address, up to the number of the page
  std::int64_t attempts;
  milliseconds retry_delay;
  milliseconds page_timeout;
};

std::string register_date(std::chrono::sys_days day) {
  const std::string text = date_text(day);
  return text.substr(8, 2) + "/" + text.substr(5, 2) + "/" + text.substr(0, 4);
}

Settings settings_of(const JobContext& context) {
  const auto first = today(context);
  return {context.parameter("base_url") + "?fromDate=" + register_date(first) +
              "&toDate=" + register_date(first + std::chrono::days{kDays}) + "&page=",
          whole_parameter(context, "attempts", 1, 20, 3),
          milliseconds{whole_parameter(context, "retry_delay_ms", 0, 600'000, 2000)},
          milliseconds{whole_parameter(context, "page_timeout_ms", 1, 600'000, 30'000)}};
}

// The page, after as many attempts as it takes. Throws what was wrong with the last one,
// and Stopped.
RegisterPage get_page(JobContext& context, const Settings& settings, int number) {
  std::string error;
  for (std::int64_t attempt = 1; attempt <= settings.attempts; ++attempt) {
    const FetchedPage fetched =
        fetch_page(settings.search + std::to_string(number), settings.page_timeout, context.stop_token());
    if (fetched.stopped) throw Stopped{};
    error = fetched.error;
    if (error.empty()) {
      RegisterPage page = read_register_page(fetched.body);
      if (page.results) return page;
      error = "the page does not say how many results there are";
    }
    context.warning("page " + std::to_string(number) + ", attempt " + std::to_string(attempt) + ": " + error);
    if (attempt < settings.attempts && !context.sleep(settings.retry_delay * attempt)) throw Stopped{};
  }
  throw std::runtime_error{"page " + std::to_string(number) + " could not be read in " +
                           std::to_string(settings.attempts) + " attempts: " + error};
}

// The meetings of a run, so that one which is entered twice in other words is kept once.
class Known {
 public:
  explicit Known(MeetingsDatabase& database, const std::string& first_date) {
    Statement rows{database, "SELECT title, member, starts_at FROM meetings WHERE starts_at >= ?1"};
    rows.with(first_date);
    while (rows.step()) add(rows.text(0), rows.text(1), rows.text(2));
  }

  bool is_near_duplicate(const RegisteredMeeting& meeting) const {
    const auto same_date = titles_.find(meeting.starts_at.substr(0, 10));
    if (same_date == titles_.end()) return false;
    return std::any_of(same_date->second.begin(), same_date->second.end(), [&](const Entry& entry) {
      const bool same = entry.title == meeting.title && entry.member == meeting.member &&
                        entry.starts_at == meeting.starts_at;
      return !same && token_sorted_similarity(entry.title, meeting.title) > kNearDuplicate;
    });
  }

  void add(const std::string& title, const std::string& member, const std::string& starts_at) {
    titles_[starts_at.substr(0, 10)].push_back({title, member, starts_at});
  }

 private:
  struct Entry {
    std::string title;
    std::string member;
    std::string starts_at;
  };
  std::map<std::string, std::vector<Entry>> titles_;
};

class Writer {
 public:
  explicit Writer(MeetingsDatabase& database)
      : database_{database},
        find_{database, "SELECT id FROM meetings WHERE title = ?1 AND member = ?2 AND starts_at = ?3"},
        insert_{database, "INSERT INTO meetings (title, member, starts_at) VALUES (?1, ?2, ?3) RETURNING id"},
        update_{database,
                "UPDATE meetings SET location = ?2, capacity = ?3, reference = ?4, badge = ?5, badge_title = "
                "?6 WHERE id = ?1"},
        attendee_{database,
                  "INSERT INTO attendees (meeting_id, name, url) VALUES (?1, ?2, ?3) "
                  "ON CONFLICT (meeting_id, name) DO UPDATE SET url = excluded.url"} {}

  // One transaction; returns how many meetings are new.
  std::int64_t write(const std::vector<RegisteredMeeting>& meetings) {
    std::int64_t added = 0;
    database_.transaction([&] {
      added = 0;
      for (const RegisteredMeeting& meeting : meetings) added += write_one(meeting) ? 1 : 0;
    });
    return added;
  }

 private:
  bool write_one(const RegisteredMeeting& meeting) {
    bool is_new = false;
    std::int64_t id = 0;
    if (find_.with(meeting.title, meeting.member, meeting.starts_at).step()) {
      id = find_.integer(0);
    } else {
      insert_.with(meeting.title, meeting.member, meeting.starts_at);
      while (insert_.step()) id = insert_.integer(0);
      is_new = true;
    }
    find_.reset();
    update_
        .with(id, meeting.location, meeting.capacity, meeting.reference, meeting.badge, meeting.badge_title)
        .run();
    for (const Attendee& attendee : meeting.attendees) attendee_.with(id, attendee.name, attendee.url).run();
    return is_new;
  }

  MeetingsDatabase& database_;
  Statement find_;
  Statement insert_;
  Statement update_;
  Statement attendee_;
};

void take_page(JobContext& context, const RegisterPage& page, int number, Known& known, Writer& writer,
               ScraperResult& result) {
  std::vector<RegisteredMeeting> kept;
  for (RegisteredMeeting meeting : page.meetings) {
    // An empty text would be NULL in the database, which equals nothing.
    if (meeting.member.empty()) meeting.member = "unknown";
    if (known.is_near_duplicate(meeting)) {
      context.info("left out as a near-duplicate: " + meeting.title);
      continue;
    }
    known.add(meeting.title, meeting.member, meeting.starts_at);
    kept.push_back(std::move(meeting));
  }
  if (page.unreadable > 0)
    context.warning("page " + std::to_string(number) + ": " + std::to_string(page.unreadable) +
                    " blocks without a title or a date");
  result.lines_added += writer.write(kept);
  result.lines_processed += static_cast<std::int64_t>(page.meetings.size());
}

ScraperResult scrape_mep_meetings(JobContext& context) {
  const Settings settings = settings_of(context);
  MeetingsDatabase database{context.parameter("database")};
  Known known{database, date_text(today(context))};
  Writer writer{database};
  ScraperResult result;
  int pages = 1;
  try {
    for (int number = 1; number <= pages; ++number) {
      const RegisterPage page = get_page(context, settings, number);
      pages = std::clamp((page.results.value_or(0) + kResultsAPage - 1) / kResultsAPage, 1, kMostPages);
      take_page(context, page, number, known, writer, result);
      context.progress(number, pages, "page " + std::to_string(number));
    }
  } catch (const Stopped&) {
    result.success = false;
    result.error = "stopped; the pages before are stored";
  } catch (const std::exception& error) {
    result.success = false;
    result.error = std::string{error.what()} + "; the pages before are stored";
  }
  context.info(std::to_string(result.lines_added) + " new of " + std::to_string(result.lines_processed) +
               " meetings");
  return result;
}

}  // namespace

ROTA_REGISTER_JOBS(scheduler) {
  scheduler.register_job(
      {.name = "scrape_mep_meetings",
       .function = scrape_mep_meetings,
       .schedule = rota::every().day().at("02:20"),
       .run_in_process = true,
       .parameters = {{"database", "/var/lib/rota/meetings.db"},
                      {"base_url", "https://www.europarl.europa.eu/meps/en/search-meetings"}}});
}
