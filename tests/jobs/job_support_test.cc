#include <doctest/doctest.h>

#include <cmath>

#include "jobs/support/register_page.h"
#include "jobs/support/title_similarity.h"
#include "jobs/support/vectorizer.h"

using namespace rota::jobs;

TEST_CASE("titles are alike whatever the order and case of their words") {
  CHECK(token_sorted_similarity("Exchange of views on energy", "energy, exchange of Views ON") ==
        doctest::Approx(100));
  CHECK(token_sorted_similarity("Meeting about rail freight 1", "Meeting about rail freight 2") > 90);
  CHECK(token_sorted_similarity("Meeting about rail freight", "Briefing on ocean plastics") < 60);
  CHECK(token_sorted_similarity("", "") == doctest::Approx(100));
  CHECK(token_sorted_similarity("one", "") == doctest::Approx(0));
}

TEST_CASE("embeddings have length one and near texts are near") {
  const Embedding energy = embed("Energy prices in border regions");
  CHECK(similarity(energy, energy) == doctest::Approx(1));
  CHECK(similarity(energy, embed("energy PRICES, in: border-regions!")) == doctest::Approx(1));
  CHECK(similarity(energy, embed("prices of energy")) > similarity(energy, embed("space programmes")));
  CHECK(similarity(embed(" ,.! "), embed("energy")) == doctest::Approx(0));
  CHECK(from_bytes(to_bytes(energy)) == energy);
  CHECK(from_bytes("too short") == Embedding{});
}

TEST_CASE("a page is read field by field") {
  const RegisterPage page = read_register_page(R"(<html><body>
<p id="meetingSearchResultCounterText">Showing 10 of 1 234 results</p>
<div class="x erpl_document y"><h3 class="erpl_document-title"><a><span class="t-item">  Talks &amp; more
 </span></a></h3><span class="erpl_badge" title="Committee on Energy">ITRE</span>
<span class="erpl_document-subtitle-member">Member 7</span> <time datetime="2026-11-30T10:00">later</time>
<span class="erpl_document-subtitle-location">Brussels</span><span class="erpl_document-subtitle-capacity">Chair</span>
<span class="erpl_document-subtitle-reference">2026/1(COD)</span>
<span class="erpl_document-subtitle-author"><a href="https://example.org/a">Organisation A</a></span>
<span class="erpl_document-subtitle-author">Organisation B</span></div></body></html>)");
  CHECK(page.results == 1234);
  REQUIRE(page.meetings.size() == 1);
  const RegisteredMeeting& meeting = page.meetings[0];
  CHECK(meeting.title == "Talks & more");
  CHECK(meeting.member == "Member 7");
  CHECK(meeting.starts_at == "2026-11-30T10:00");
  CHECK(meeting.location == "Brussels");
  CHECK(meeting.capacity == "Chair");
  CHECK(meeting.reference == "2026/1(COD)");
  CHECK(meeting.badge == "ITRE");
  CHECK(meeting.badge_title == "Committee on Energy");
  REQUIRE(meeting.attendees.size() == 2);
  CHECK(meeting.attendees[0].url == "https://example.org/a");
  CHECK(meeting.attendees[1].name == "Organisation B");
}

TEST_CASE("a page that is broken is read as far as it goes") {
  CHECK_FALSE(read_register_page("").results);
  CHECK_FALSE(read_register_page("\x00\xff<<<>").results);
  const RegisterPage page = read_register_page(
      "<p id=meetingSearchResultCounterText>1 of 2 results<div class=erpl_document><p>no title"
      "<div class='erpl_document'><h3 class='erpl_document-title'><span class='t-item'>Title</span></h3>"
      "<time datetime='2026-11-30'>");
  CHECK(page.results == 2);
  CHECK(page.meetings.size() + static_cast<std::size_t>(page.unreadable) >= 2);
}
