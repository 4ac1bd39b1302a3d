"""`rota import crontab`: two crontabs as people have them, with croniter as the outside opinion."""

import datetime
import getpass
import json
import os
import pathlib
import re
import subprocess
import tomllib
import zoneinfo

import pytest
from croniter import croniter

ROTA = os.path.join(os.environ["ROTA_BIN"], "rota")
CRONTABS = pathlib.Path(os.environ["ROTA_SOURCE"]) / "tests" / "supervisor" / "crontab"
UTC = datetime.timezone.utc
ZONE = "Europe/Brussels"
# No clock of the crontabs' zones changes before each of the entries of a day or a week is due five times.
START = datetime.datetime(2026, 4, 10, 7, 3, tzinfo=UTC)


def rota_import(file, *arguments, **options):
    return subprocess.run([ROTA, "import", "crontab", str(file), "--from", START.strftime("%Y-%m-%dT%H:%M:%SZ"),
                           "--zone", ZONE, *arguments], capture_output=True, text=True, **options)


def entries(crontab):
    """Line, schedule and zone of each entry: a reading of the file that is not Rota's."""
    zone = ZONE
    for number, line in enumerate(crontab.read_text().splitlines(), start=1):
        if match := re.match(r"CRON_TZ=(.*)", line):
            zone = match[1]
        elif match := re.match(r"-?(@\w+|\S+(?:\s+\S+){4})\s", line):
            if line[0] in "-@*0123456789":
                yield number, " ".join(match[1].split()), zone


def job_by_line(text):
    """The jobs of a job file by the line of the crontab that stands above each."""
    jobs = tomllib.loads(text)["jobs"]
    return {int(line): (name, jobs[name])
            for line, name in re.findall(r"^# from \S+, line (\d+): .*\n\[jobs\.(\w+)\]$", text, re.MULTILINE)}


def by_croniter(entry, zone, count):
    local = START.astimezone(zoneinfo.ZoneInfo(zone)).replace(tzinfo=None)
    iterator = croniter(entry, local)
    return [iterator.get_next(datetime.datetime).replace(tzinfo=zoneinfo.ZoneInfo(zone)).astimezone(UTC)
            for _ in range(count)]


def by_report(report, name):
    """The instants that the report gives for a job: cron's and Rota's."""
    block = re.search(rf"^  {name} \(line \d+\): .*\n((?:    .*\n?)*)", report, re.MULTILINE)[1]
    rows = re.findall(r"cron (\S+)  rota (\S+)  same", block)
    return [[datetime.datetime.fromisoformat(row[side]).astimezone(UTC) for row in rows] for side in (0, 1)]


def test_forty_entries_are_due_when_croniter_says():
    crontab = CRONTABS / "user.crontab"
    result = rota_import(crontab, "--count", "5")
    assert result.returncode == 1
    assert "40 entries, 39 carried over, 1 not" in result.stderr and "all the same" in result.stderr
    jobs = job_by_line(result.stdout)
    found = list(entries(crontab))
    assert len(found) == 40 and len(jobs) == 39
    for line, schedule, zone in found:
        if schedule == "@reboot":
            assert line not in jobs and f"line {line}, column 1: @reboot" in result.stderr
            continue
        name, job = jobs[line]
        expected = by_croniter(schedule, zone, 5)
        assert by_report(result.stderr, name) == [expected, expected], (line, schedule)
        listed = subprocess.run([ROTA, "next", job["schedule"], "--zone", ZONE, "--count", "5", "--from",
                                 START.isoformat()], capture_output=True, text=True, check=True).stdout.split()
        assert [datetime.datetime.fromisoformat(text).astimezone(UTC) for text in listed] == expected


def test_commands_and_what_belongs_to_them_are_carried_over():
    result = rota_import(CRONTABS / "user.crontab")
    jobs = tomllib.loads(result.stdout)["jobs"]
    assert jobs["tar"]["shell"] == "tar czf /srv/backup/home-$(date +%Y-%m-%d).tar.gz /home/deploy"
    assert jobs["mail"]["standard_input"] == "Dear all,\n\nit is ten.\n"
    assert jobs["printf"]["command"][:2] == ["/bin/bash", "-c"]
    assert jobs["printf"]["command"][2] == \
        "printf '%s\\n' \"caf\\xc3\\xa9\" ; echo \"naïve “quotes” \\ and \\\\ tabs\there\""
    assert jobs["backup_database"]["environment"]["LANG"] == "en_GB.UTF-8"
    assert jobs["open_session"]["schedule"] == "30 9 * * 1-5 in America/New_York"
    assert jobs["vacuum"]["spread"] == "20 minutes"
    assert all(job["catch_up"] == "skip" and job["timeout"] == "24h" for job in jobs.values())
    assert "# Nightly dump of the shop's database, kept for two weeks\n# from " in result.stdout


def test_a_system_crontab_names_users_and_says_what_it_cannot_carry_over():
    result = rota_import(CRONTABS / "system.crontab", "--system")
    assert result.returncode == 1
    jobs = tomllib.loads(result.stdout)["jobs"]
    assert list(jobs) == ["cron_hourly", "cron_daily", "cron_weekly", "cron_monthly", "debian_sa1", "sessionclean",
                          "fstrim"]
    assert jobs["cron_daily"]["user"] == "root" and jobs["cron_daily"]["directory"] == os.path.expanduser("~root")
    assert "directory" not in jobs["fstrim"]
    assert "9 entries, 7 carried over, 2 not" in result.stderr
    assert 'line 13, column 3: schedule "0 22-2 * * *"' in result.stderr
    assert "line 14, column 15: expected a command" in result.stderr
    assert "line 10: the - before the schedule" in result.stderr
    assert "line 12: the home of user \"no-such-user\"" in result.stderr


def test_a_system_crontab_that_is_read_as_one_of_a_user_is_noticed():
    assert "import it with --system" in rota_import(CRONTABS / "system.crontab").stderr
    assert "--system" not in rota_import(CRONTABS / "system.crontab", "--system").stderr
    assert "--system" not in rota_import(CRONTABS / "user.crontab").stderr


def test_a_whole_crontab_exits_with_nothing_lost(tmp_path):
    crontab = tmp_path / "small"
    crontab.write_text("20 2 * * 1-5 /opt/run\n")
    result = rota_import(crontab, "--user", getpass.getuser(), "--prefix", "shop_")
    assert result.returncode == 0
    job = tomllib.loads(result.stdout)["jobs"]["shop_run"]
    assert job["user"] == getpass.getuser() and job["directory"] == os.path.expanduser("~" + getpass.getuser())
    assert "1 entry, 1 carried over, 0 not" in result.stderr and "Not carried over" not in result.stderr


def test_a_time_in_the_gap_of_spring_is_shown_as_different(tmp_path):
    crontab = tmp_path / "gap"
    crontab.write_text("30 2 29 3 * /opt/run\n")
    result = rota_import(crontab, "--count", "1")
    assert "cron 2027-03-29T02:30:00+02:00  rota 2027-03-29T02:30:00+02:00  same" in result.stderr
    result = subprocess.run([ROTA, "import", "crontab", crontab, "--zone", ZONE, "--from", "2026-03-01T00:00:00Z",
                             "--count", "1"], capture_output=True, text=True)
    assert "cron 2026-03-29T03:00:00+02:00  rota 2026-03-29T03:30:00+02:00  DIFFERENT" in result.stderr


def test_a_new_file_is_written_and_no_file_is_ever_replaced(tmp_path):
    crontab = tmp_path / "shop.crontab"
    crontab.write_text("@daily /opt/run\n")
    for arguments, path in [(["--output", str(tmp_path / "jobs.toml")], tmp_path / "jobs.toml"),
                            (["--directory", str(tmp_path)], tmp_path / "shop.toml")]:
        result = rota_import(crontab, *arguments)
        assert result.returncode == 0 and result.stderr == ""
        assert "1 entry, 1 carried over" in result.stdout and str(path) in result.stdout
        assert tomllib.loads(path.read_text())["jobs"]["run"]["schedule"] == "@daily"
        assert path.stat().st_mode & 0o022 == 0
        path.write_text("mine")
        result = rota_import(crontab, *arguments)
        assert result.returncode == 2 and str(path) in result.stderr and result.stdout == ""
        assert path.read_text() == "mine"


def test_json_says_what_the_report_says_and_holds_the_job_file(tmp_path):
    crontab = CRONTABS / "system.crontab"
    shown = rota_import(crontab, "--system")
    result = rota_import(crontab, "--system", "--json")
    answer = json.loads(result.stdout)
    assert result.returncode == 1 and result.stderr == ""
    assert answer["job_file"] == shown.stdout
    assert answer["entries"] == 9 and len(answer["jobs"]) == 7
    assert [note["line"] for note in answer["notes"] if note["kind"] == "lost"] == [13, 14]
    assert all(note["text"] in shown.stderr for note in answer["notes"])
    for job in answer["jobs"]:
        assert job["same"] and job["cron"] == job["rota"] and len(job["rota"]) == 3
        assert by_report(shown.stderr, job["name"])[1] == [
            datetime.datetime.fromisoformat(text).astimezone(UTC) for text in job["rota"]]
    written = json.loads(rota_import(crontab, "--system", "--json", "--directory", tmp_path).stdout)
    assert written["written_to"] == str(tmp_path / "system.toml") and "job_file" not in written
    assert (tmp_path / "system.toml").read_text() == shown.stdout


def test_what_a_terminal_would_obey_is_not_in_the_report_or_the_job_file():
    result = rota_import("-", input="MAILTO=a\033[2Jb\n@daily echo \033[2J\n@reboot x\033[2J\n")
    assert "\033" not in result.stdout + result.stderr
    assert "MAILTO" in result.stderr and "[jobs.echo]" in result.stdout


def test_a_crontab_comes_from_standard_input_too():
    result = rota_import("-", input="@daily /opt/run\n")
    assert result.returncode == 0 and "# from standard input, line 1: @daily /opt/run" in result.stdout


@pytest.mark.parametrize("arguments, text", [
    (["/no/such/crontab"], "/no/such/crontab"),
    (["/etc"], "directory"),
    (["-", "--zone", "Mars/Olympus"], "--zone"),
    (["-", "--from", "tomorrow"], "--from"),
    (["-", "--prefix", "Shop-"], "--prefix"),
    (["-", "--count", "0"], "--count"),
    (["-", "--user", "www-data:www-data"], "--user"),
    (["-", "--output", "a", "--directory", "b"], "--directory"),
    (["-", "--output", "/no/such/directory/jobs.toml"], "/no/such/directory/jobs.toml"),
    ([], "file"),
])
def test_wrong_command_lines_say_what_is_wrong(arguments, text):
    result = subprocess.run([ROTA, "import", "crontab", *arguments], input="@daily x\n", capture_output=True, text=True)
    assert result.returncode == 2 and text in result.stderr and "[jobs" not in result.stdout
