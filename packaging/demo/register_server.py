"""An imitation of the meeting register's search pages, with faults on demand.

The first part of the path chooses the fault: /good, /error (500 for each page's first
attempt), /slow (an answer that takes long to begin), /cut (the page ends in the middle, on
the first attempt), /malformed (HTML with open tags and a block without a title), /broken
(always 500), /broken-later (500 from the third page on), /hang (never answers) or
/hang-every-second (each second search never answers).
"""

import datetime
import html
import http.server
import math
import threading
import urllib.parse

A_PAGE = 10


def _block(meeting, malformed):
    text = {key: html.escape(str(value)) for key, value in meeting.items()}
    authors = "".join(f'<span class="erpl_document-subtitle-author"><a href="https://example.org/{number}">'
                      f"{html.escape(name)}</a></span>" for number, name in enumerate(meeting["attendees"]))
    title_end = "" if malformed else "</span></h3>"
    return f"""
<div class="erpl_document">
  <h3 class="erpl_document-title"><span class="t-item">{text['title']}{title_end}
  <span class="erpl_badge" title="Committee {text['badge']}">{text['badge']}</span>
  <div class="erpl_document-subtitle">
    <span class="erpl_document-subtitle-member">{text['member']}</span>
    <time datetime="{text['starts_at']}">{text['starts_at']}</time>
    <span class="erpl_document-subtitle-location">{text['location']}</span>
    <span class="erpl_document-subtitle-capacity">{text['capacity']}</span>
    <span class="erpl_document-subtitle-reference">{text['reference']}</span>
    {authors}
  </div>
</div>"""


def page_of(meetings, number, malformed=False):
    """The HTML of one page of results."""
    shown = meetings[(number - 1) * A_PAGE:number * A_PAGE]
    blocks = "".join(_block(meeting, malformed) for meeting in shown)
    if malformed:
        blocks += '<div class="erpl_document"><p>nothing in here'
    return (f"<!DOCTYPE html><html><head><title>Search</title></head><body>"
            f'<p id="meetingSearchResultCounterText">Showing {len(shown)} of {len(meetings)} results</p>'
            f"{blocks}</body></html>")


class RegisterServer:
    """Serves `meetings` (a list as generate_data.register makes) on a free loopback port."""

    def __init__(self, meetings):
        self.meetings = meetings
        self.requests = []
        self.stopping = threading.Event()
        self._seen = set()
        self._searches = 0
        register = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                register.answer(self)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def address(self, fault="good"):
        return f"http://127.0.0.1:{self.port}/{fault}/meps/en/search-meetings"

    def answer(self, handler):
        url = urllib.parse.urlsplit(handler.path)
        query = urllib.parse.parse_qs(url.query)
        fault = url.path.split("/")[1]
        number = int(query.get("page", ["1"])[0])
        self.requests.append((fault, number))
        first_time = (fault, number) not in self._seen
        self._seen.add((fault, number))
        if fault == "hang-every-second":
            self._searches += number == 1
            fault = "hang" if self._searches % 2 == 0 else "good"
        if fault == "hang" or (fault == "slow" and self.stopping.wait(0.3)):
            self.stopping.wait(600)
            return
        if fault == "broken" or (fault == "broken-later" and number > 2) or (fault == "error" and first_time):
            handler.send_error(500)
            return
        body = page_of(self._found(query), number, fault == "malformed").encode()
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if fault == "cut" and first_time:
            body = body[:len(body) // 2]
            handler.close_connection = True
        handler.wfile.write(body)

    def _found(self, query):
        def date(name, fallback):
            text = query.get(name, [""])[0]
            return datetime.datetime.strptime(text, "%d/%m/%Y").date() if text else fallback

        first, last = date("fromDate", datetime.date.min), date("toDate", datetime.date.max)
        return [meeting for meeting in self.meetings
                if first <= datetime.date.fromisoformat(meeting["starts_at"][:10]) <= last]

    def stop(self):
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
