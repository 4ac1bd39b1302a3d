"""`rota next` against other implementations and against the rules, walked by brute force."""

import datetime
import os
import random
import subprocess
import zoneinfo

import pytest
from croniter import croniter
from dateutil import rrule

ROTA = os.path.join(os.environ["ROTA_BIN"], "rota")
UTC = datetime.timezone.utc
ZONES = ["Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "Pacific/Apia"]
# Each takes many starts of `rota`, which a sanitizer makes ten times as long.
CHANGES = 2 if os.environ.get("ROTA_SANITIZE") else 12
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
BEGIN = int(datetime.datetime(2000, 1, 1, tzinfo=UTC).timestamp())
END = int(datetime.datetime(2041, 1, 1, tzinfo=UTC).timestamp())


def rota_next(schedule, zone, start, count):
    result = subprocess.run(
        [ROTA, "next", schedule, "--zone", zone, "--from", start.strftime("%Y-%m-%dT%H:%M:%SZ"), "--count", str(count)],
        capture_output=True, text=True, check=True)
    return [datetime.datetime.fromisoformat(line) for line in result.stdout.splitlines()]


def transitions(zone):
    """The instants from 2000 to 2040 at which the offset changes, to the second."""
    info = zoneinfo.ZoneInfo(zone)
    offset = lambda second: datetime.datetime.fromtimestamp(second, info).utcoffset()
    second = BEGIN
    found = []
    while second < END:
        if offset(second) != offset(second + 86400):
            low, high = second, second + 86400
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(middle) == offset(low) else (low, middle)
            found.append(datetime.datetime.fromtimestamp(high, UTC))
        second += 86400
    return found


def civil(zone, day, hour, minute):
    """RFC 5545: in a gap by the offset before it, in a fold the first. PEP 495's fold=0 is just that."""
    local = datetime.datetime(day.year, day.month, day.day, hour, minute, tzinfo=zoneinfo.ZoneInfo(zone))
    return local.astimezone(UTC)


def windows(zone):
    """Around some of the changes, and one where nothing changes."""
    changes = transitions(zone)
    chosen = random.Random(zone).sample(changes, min(CHANGES, len(changes))) + changes[-2:]
    quiet = datetime.datetime(2030, 6, 15, tzinfo=UTC)
    return sorted({*chosen, quiet})


def by_civil_times(zone, begin, end, times):
    day = (begin - 3 * DAY).date()
    instants = set()
    while day <= (end + 3 * DAY).date():
        instants.update(civil(zone, day, hour, minute) for hour, minute in times)
        day += DAY
    return sorted(instant for instant in instants if begin < instant <= end)


def by_clock(zone, begin, end, matches):
    info = zoneinfo.ZoneInfo(zone)
    instants = []
    minute = begin.replace(second=0)
    while minute <= end:
        if minute > begin and matches(minute.astimezone(info)):
            instants.append(minute)
        minute += datetime.timedelta(minutes=1)
    return instants


def assert_same(schedule, zone, begin, end, expected):
    found = [instant for instant in rota_next(schedule, zone, begin, len(expected) + 1) if instant <= end]
    assert [instant.astimezone(UTC) for instant in found] == expected, (schedule, zone, begin)


def assert_same_for_forty_years(schedule, zone, expected):
    found = rota_next(schedule, zone, datetime.datetime.fromtimestamp(BEGIN, UTC), len(expected) + 1)
    assert [int(instant.timestamp()) for instant in found if instant.timestamp() < END] == expected, (schedule, zone)


@pytest.mark.parametrize("zone", ZONES)
def test_civil_times_follow_rfc_5545_at_every_kind_of_change(zone):
    for change in windows(zone):
        begin, end = change - 2 * DAY, change + 2 * DAY
        for hour, minute in [(2, 30), (1, 30), (0, 0), (0, 15), (3, 0), (23, 59)]:
            expected = by_civil_times(zone, begin, end, [(hour, minute)])
            assert_same(f"every day at {hour:02}:{minute:02}", zone, begin, end, expected)
            assert_same(f"{minute} {hour} * * *", zone, begin, end, expected)
        assert_same("10,40 0-3 * * *", zone, begin, end,
                    by_civil_times(zone, begin, end, [(hour, minute) for hour in range(4) for minute in (10, 40)]))


@pytest.mark.parametrize("zone", ZONES)
def test_what_follows_the_clock_shows_in_both_passes_and_not_in_a_gap(zone):
    for change in windows(zone):
        begin, end = change - 6 * HOUR, change + 6 * HOUR
        for schedule, matches in [
            ("every 10 minutes", lambda local: local.minute % 10 == 0),
            ("every 90 minutes", lambda local: (local.hour * 60 + local.minute) % 90 == 0),
            ("every 2 hours", lambda local: local.minute == 0 and local.hour % 2 == 0),
            ("every hour at :15", lambda local: local.minute == 15),
            ("15 * * * *", lambda local: local.minute == 15),
            ("*/20 1-3 * * *", lambda local: local.minute % 20 == 0 and 1 <= local.hour <= 3),
        ]:
            assert_same(schedule, zone, begin, end, by_clock(zone, begin, end, matches))


def segments(zone):
    """From 2000 to 2040: begin, end and offset in seconds of each stretch between two changes."""
    info = zoneinfo.ZoneInfo(zone)
    bounds = [BEGIN, *(int(change.timestamp()) for change in transitions(zone)), END]
    return [(first, last, int(datetime.datetime.fromtimestamp(first, info).utcoffset().total_seconds()))
            for first, last in zip(bounds, bounds[1:])]


def by_local_multiples(zone, step, residue):
    """All instants at which the local clock, counted in seconds, is `residue` beyond a multiple of `step`."""
    found = []
    for first, last, offset in segments(zone):
        found.extend(range(first + (residue - first - offset) % step, last, step))
    return [instant for instant in found if instant > BEGIN]


@pytest.mark.parametrize("zone", ZONES)
def test_every_day_and_every_hour_from_2000_to_2040(zone):
    first = datetime.date(1999, 12, 30)
    days = [first + DAY * number for number in range((datetime.date(2041, 1, 3) - first).days)]
    for schedule, hour, minute, weekdays in [
        ("every day at 02:30", 2, 30, range(7)),
        ("30 0 * * *", 0, 30, range(7)),
        ("every sunday at 01:45", 1, 45, [6]),
        ("15 3 * * sat,sun", 3, 15, [5, 6]),
    ]:
        expected = {int(civil(zone, day, hour, minute).timestamp()) for day in days if day.weekday() in weekdays}
        assert_same_for_forty_years(schedule, zone, sorted(instant for instant in expected if BEGIN < instant < END))
    for schedule, step, residue in [
        ("every hour at :15", 3600, 900),
        ("45 * * * *", 3600, 2700),
        ("every 90 minutes", 5400, 0),
        ("every 2 hours at 30:15", 7200, 1815),
    ]:
        assert_same_for_forty_years(schedule, zone, by_local_multiples(zone, step, residue))


@pytest.mark.parametrize("zone", ZONES)
def test_other_intervals_are_elapsed_time(zone):
    anchor = civil(zone, datetime.date(1970, 1, 5), 0, 0)
    for change in windows(zone)[:4]:
        for schedule, step in [("every 7 minutes", 420), ("every 5 hours", 18000), ("every 45 seconds", 45)]:
            if 86400 % step == 0:
                continue
            begin = change - HOUR
            first = anchor + datetime.timedelta(seconds=((begin - anchor).total_seconds() // step + 1) * step)
            expected = [first + datetime.timedelta(seconds=step * index) for index in range(20)]
            assert [found.astimezone(UTC) for found in rota_next(schedule, zone, begin, 20)] == expected


def test_cron_entries_agree_with_croniter_where_no_clock_changes():
    source = random.Random(1)

    def field(low, high):
        kind = source.randrange(4)
        if kind == 0:
            return "*"
        if kind == 1:
            return f"*/{source.randrange(2, max(3, (high - low) // 2))}"
        first, last = sorted(source.sample(range(low, high + 1), 2))
        return f"{first}-{last}" if kind == 2 else f"{first},{last}"

    start = datetime.datetime(2026, 1, 1, tzinfo=UTC)
    for _ in range(60):
        # One of the two day fields is *: croniter and crontab(5) differ about */n beside the other.
        days = [field(1, 28), "*"] if source.randrange(2) else ["*", field(0, 6)]
        entry = f"{field(0, 59)} {field(0, 23)} {days[0]} {field(1, 12)} {days[1]}"
        iterator = croniter(entry, start)
        expected = [iterator.get_next(datetime.datetime) for _ in range(10)]
        assert rota_next(entry, "UTC", start, 10) == expected, entry


def test_both_day_fields_agree_with_croniter():
    start = datetime.datetime(2026, 1, 1, tzinfo=UTC)
    for entry in ["0 0 13 * 5", "30 4 1,15 * 5", "0 12 10-20 * mon-wed"]:
        iterator = croniter(entry, start)
        assert rota_next(entry, "UTC", start, 30) == [iterator.get_next(datetime.datetime) for _ in range(30)]


@pytest.mark.parametrize("zone", ZONES)
def test_weeks_and_days_agree_with_dateutil(zone):
    start = datetime.datetime(2026, 1, 5)
    for schedule, rule in [
        ("every 2 weeks on monday from 2026-01-05 at 12:00", dict(freq=rrule.WEEKLY, interval=2)),
        ("every 3 days from 2026-01-05 at 12:00", dict(freq=rrule.DAILY, interval=3)),
        ("every monday at 12:00", dict(freq=rrule.WEEKLY)),
    ]:
        expected = [civil(zone, day.date(), 12, 0) for day in rrule.rrule(dtstart=start, count=40, **rule)]
        found = rota_next(schedule, zone, datetime.datetime(2026, 1, 4, tzinfo=UTC), 40)
        assert [instant.astimezone(UTC) for instant in found] == expected


def test_the_output_is_one_occurrence_a_line_and_nothing_else():
    result = subprocess.run([ROTA, "next", "every monday at 02:00", "--zone", "Europe/Brussels", "--from",
                             "2026-03-23T12:00:00Z", "--count", "2"], capture_output=True, text=True)
    assert (result.returncode, result.stdout, result.stderr) == (
        0, "2026-03-30T02:00:00+02:00\n2026-04-06T02:00:00+02:00\n", "")
    ended = subprocess.run([ROTA, "next", "every day until 2020-01-01", "--zone", "UTC"], capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (0, "")


@pytest.mark.parametrize("arguments, said", [
    (["every moonday"], 'schedule "every moonday", position 7: found "moonday", expected a number'),
    (["30 2 30 2 *"], "position 6: found \"30\", expected a day of month that one of the entry's months has"),
    (["@daily in Mars/Phobos"], 'position 11: found "Mars/Phobos", expected an IANA time zone'),
    (["@daily", "--zone", "Mars/Phobos"], '--zone "Mars/Phobos": expected an IANA time zone'),
    (["@daily", "--from", "yesterday"], '--from "yesterday": expected an instant'),
    (["@daily", "--count", "0"], "--count: Value 0"),
    ([], "schedule is required")])
def test_what_is_wrong_gives_status_2_and_a_message(arguments, said):
    result = subprocess.run([ROTA, "next", *arguments], capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (2, "")
    assert said in result.stderr


def test_occurrences_that_cannot_be_written_are_no_success():
    with open("/dev/full", "wb") as full:
        result = subprocess.run([ROTA, "next", "@daily"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert result.returncode == 1
    assert "standard output could not be written" in result.stderr
