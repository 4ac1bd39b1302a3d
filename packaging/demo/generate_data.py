"""The demo's data: meetings of the coming weeks, made from lists of words.

The same seed and day give the same data. `fill` writes meetings.db; `register` is what
the imitation of the meeting register serves.
"""

import datetime
import random
import sqlite3

SUBJECTS = ["energy prices", "fisheries quotas", "digital services", "artificial intelligence", "rail freight",
            "clean hydrogen", "consumer rights", "data protection", "farm subsidies", "ocean plastics",
            "medicine shortages", "battery recycling", "air quality", "forest monitoring", "payment services",
            "housing costs", "space programmes", "youth employment", "trade defence", "water reuse"]
FORMS = ["Exchange of views on", "Meeting about", "Discussion of", "Briefing on", "Round table on", "Consultation on"]
ANGLES = ["for small towns", "in border regions", "and its costs", "after the last report", "in the next budget",
          "for consumers", "in coastal areas", "and research", "in practice", "with national experts"]
PLACES = ["Brussels", "Strasbourg", "Video conference", "Luxembourg"]
ROLES = ["Rapporteur", "Shadow rapporteur", "Committee chair", "Member"]


def _meeting(random_source, day):
    title = " ".join([random_source.choice(FORMS), random_source.choice(SUBJECTS), random_source.choice(ANGLES),
                      f"({random_source.getrandbits(64):016x})"])
    hour = random_source.randrange(8, 19)
    return {
        "title": title,
        "member": f"Member {random_source.randrange(1, 721):04}",
        "starts_at": f"{day.isoformat()}T{hour:02}:{random_source.choice(['00', '30'])}",
        "location": random_source.choice(PLACES),
        "capacity": random_source.choice(ROLES),
        "reference": f"{day.year}/{random_source.randrange(1000, 9999)}(COD)",
        "badge": random_source.choice(["ENVI", "ITRE", "IMCO", "TRAN", "PECH", "AGRI"]),
        "attendees": [f"Organisation {random_source.randrange(1, 900)}" for _ in range(random_source.randrange(1, 4))],
    }


def register(day, days=8, a_day=14, seed=1):
    """Meetings from `day` on, as the register knows them; a few are entered twice in other words."""
    random_source = random.Random(f"register {seed} {day}")
    meetings = []
    for offset in range(days):
        for _ in range(a_day):
            meetings.append(_meeting(random_source, day + datetime.timedelta(days=offset)))
    for original in meetings[::25]:
        words = original["title"].split()
        meetings.append({**original, "title": " ".join(words[1:] + words[:1])})
    return meetings


def fill(file, day, meetings=3000, profiles=60, alerts=40, orphans=4000, seed=1):
    """Rows for a database whose tables the jobs have made (or make here, if it is new)."""
    random_source = random.Random(f"database {seed} {day}")
    with sqlite3.connect(file, timeout=30) as connection:
        for _ in range(meetings):
            row = _meeting(random_source, day + datetime.timedelta(days=random_source.randrange(-30, 30)))
            connection.execute(
                "INSERT INTO meetings (title, member, starts_at, location, capacity, reference, badge) "
                "VALUES (:title, :member, :starts_at, :location, :capacity, :reference, :badge)",
                {key: value for key, value in row.items() if key != "attendees"})
        for number in range(1, profiles + 1):
            frequency = ["weekly", "daily", "none"][number % 3]
            interests = " ".join(random_source.sample(SUBJECTS, 3))
            connection.execute("INSERT INTO profiles (email, interests, newsletter_frequency) VALUES (?, ?, ?)",
                               (f"subscriber{number}@example.org", interests, frequency))
        for number in range(alerts):
            connection.execute(
                "INSERT INTO alerts (profile_id, query, threshold, top_k, period_seconds) VALUES (?, ?, ?, ?, ?)",
                (random_source.randrange(1, profiles + 1), random_source.choice(SUBJECTS), 0.3, 5, 86400))
        for number in range(orphans):
            connection.execute("INSERT INTO documents_embeddings (meeting_id, embedding) VALUES (?, ?)",
                               (1_000_000 + number, b"\0" * 2048))
    connection.close()
