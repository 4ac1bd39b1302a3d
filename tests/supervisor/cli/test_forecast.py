"""`rota forecast` over real job files and a real run database, without a supervisor."""

import json
import os
import shlex
import sqlite3
import subprocess

import pytest

ROTA = os.path.join(os.environ["ROTA_BIN"], "rota")
MODULES = os.path.join(os.environ["ROTA_LIB"], "test-modules")
FROM = "2026-03-28T00:00:00Z"

CONFIGURATION = """
[supervisor]
zone = "Europe/Brussels"
module_directories = ["modules"]
database = "rota.db"
processes = 1
[http.jwt]
secret_file = "secret"
[groups.disk]
limit = 1
[jobs.backup]
command = ["/bin/true"]
schedule = "30 2 * * *"
timeout = "2 hours"
"""

JOB_FILE = """
[jobs.report]
command = ["/bin/true"]
schedule = "every day at 02:30"
group = "disk"
[jobs.mail]
command = ["/bin/true"]
after = ["report"]
[jobs.spread]
command = ["/bin/true"]
schedule = "every day at 12:00"
spread = "1 hour"
"""

# The columns that the forecast reads, as supervisor/store/schema.cc has them.
TABLE = """CREATE TABLE scheduled_job_runs (id INTEGER PRIMARY KEY, job_name TEXT NOT NULL, state TEXT NOT NULL,
           started_at INTEGER, finished_at INTEGER) STRICT"""


@pytest.fixture
def directory(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("an-example-secret-of-more-than-32-bytes")
    secret.chmod(0o600)
    for name in ("jobs.d", "modules"):
        (tmp_path / name).mkdir()
    (tmp_path / "rota.toml").write_text(CONFIGURATION)
    (tmp_path / "jobs.d" / "a.toml").write_text(JOB_FILE)
    return tmp_path


def record(directory, job, durations, state="succeeded"):
    with sqlite3.connect(directory / "rota.db") as database:
        if not database.execute("SELECT 1 FROM sqlite_schema").fetchone():
            database.execute(TABLE)
        database.executemany("INSERT INTO scheduled_job_runs (job_name, state, started_at, finished_at) "
                             "VALUES (?, ?, 1000000, 1000000 + 1000 * ?)",
                             [(job, state, seconds) for seconds in durations])
    database.close()


def forecast(directory, *arguments, status=0):
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("ROTA_")}
    result = subprocess.run([ROTA, "forecast", "--from", FROM, *map(str, arguments)], capture_output=True, text=True,
                            env={**inherited, "ROTA_CONFIG": str(directory / "rota.toml")})
    assert result.returncode == status, result.stderr
    return result


def forecast_json(directory, *arguments):
    return json.loads(forecast(directory, "--json", *arguments).stdout)


def words(text):
    """Without the width of the columns."""
    return " ".join(text.split())


def job(answer, name):
    return next(each for each in answer["jobs"] if each["name"] == name)


def test_runs_take_what_was_measured_and_wait_for_each_other(directory):
    record(directory, "backup", [600] * 8 + [1200] * 2)
    record(directory, "report", range(1, 11))
    answer = forecast_json(directory, "--days", 2)
    assert answer["limits"] == {"process": 1, "thread": 8, "groups": {"disk": 1}}
    backup, report = job(answer, "backup"), job(answer, "report")
    assert (backup["measured_runs"], backup["duration_seconds"], backup["busy_duration_seconds"]) == (10, 600, 1200)
    assert (report["duration_seconds"], report["busy_duration_seconds"]) == (5, 9)
    assert report["usual"]["longest_wait_seconds"] == 600
    assert report["busy"]["longest_wait_seconds"] == 1200
    # On the 29th the clock goes from 02:00 to 03:00.
    assert [run["due_at"] for run in answer["runs"] if run["job"] == "backup"] == [
        "2026-03-28T01:30:00.000Z", "2026-03-29T01:30:00.000Z"]
    assert {change["job"]: change["effect"] for change in answer["clock_changes"]} == {
        "backup": "moved", "report": "moved"}
    assert [run["trigger"] for run in answer["runs"] if run["job"] == "mail"] == ["dependency"] * 2
    [collision] = answer["collisions"]
    assert collision["jobs"] == ["backup", "report"] and collision["times"] == 2


def test_a_suggestion_put_into_a_job_file_does_what_it_says(directory):
    record(directory, "backup", [600])
    record(directory, "report", [5])
    spacing = forecast_json(directory)["spacing"]
    [suggestion] = spacing["suggestions"]
    assert spacing["waiting_before_seconds"] == 7 * 600 and suggestion["jobs"] == ["report"]
    file = directory / "jobs.d" / "a.toml"
    file.write_text(JOB_FILE.replace("every day at 02:30", suggestion["schedule"]))
    assert forecast_json(directory)["spacing"]["waiting_before_seconds"] == spacing["waiting_after_seconds"] == 0


def test_only_the_latest_two_hundred_successes_count(directory):
    record(directory, "backup", [999] * 50 + [60] * 200)
    record(directory, "backup", [1] * 300, state="failed")
    backup = job(forecast_json(directory), "backup")
    assert (backup["measured_runs"], backup["duration_seconds"], backup["busy_duration_seconds"]) == (200, 60, 60)


def test_a_database_that_is_not_there_is_said_in_a_line_and_not_made(directory):
    result = forecast(directory, "--assume", "90s")
    assert result.stderr == f"rota forecast: {directory}/rota.db is not there; no durations are known\n"
    assert "nothing was measured; every run is taken to last 1 min 30 s" in result.stdout
    assert not (directory / "rota.db").exists()


def test_a_database_that_is_none_is_said_in_a_line(directory):
    other = directory / "other.db"
    other.write_text("no database at all, but long enough to be read as the header of one" * 20)
    result = forecast(directory, "--database", other)
    assert str(other) in result.stderr and result.stderr.count("\n") == 1


def test_the_text_is_for_people_in_the_zone_of_the_configuration(directory):
    record(directory, "backup", [600])
    text = words(forecast(directory).stdout)
    for part in ("Forecast Sat 28 Mar 2026 01:00 – ", "Europe/Brussels", "02:30 backup", "Sun 29 Mar, Europe/Brussels: "
                 "the clock goes from 02:00 to 03:00", "does not exist: it runs at 03:30", "→", "after report"):
        assert part in text
    plain = words(forecast(directory, "--utc", "--ascii").stdout)
    assert plain.isascii() and "Forecast Sat 28 Mar 2026 00:00 - " in plain and "01:30 backup" in plain


def test_hours_and_job_files_that_are_not_installed(directory):
    new = directory / "new.toml"
    new.write_text('[jobs.new]\ncommand = ["/bin/true"]\nschedule = "every hour"\n')
    answer = forecast_json(directory, "--hours", 3, "--jobs", new)
    assert answer["to"] == "2026-03-28T03:00:00.000Z"
    assert job(answer, "new")["usual"]["runs"] == 3


def test_jobs_of_modules_are_forecast_on_threads_and_processes(directory):
    (directory / "rota.toml").write_text(CONFIGURATION.replace('["modules"]', f'["{MODULES}"]'))
    (directory / "jobs.d" / "a.toml").write_text('[jobs.t_sleeps]\nschedule = "every hour"\n')
    answer = forecast_json(directory)
    assert job(answer, "t_sleeps")["kind"] == "thread" and job(answer, "t_sleeps")["usual"]["runs"] == 168
    assert job(answer, "p_sleeps")["kind"] == "process"


def test_the_spread_is_the_one_of_the_supervisor(directory):
    answer = forecast_json(directory)
    offset = job(answer, "spread")["spread_offset_seconds"]
    assert 0 < offset < 3600
    assert {run["due_at"][11:19] for run in answer["runs"] if run["job"] == "spread"} == {
        f"{hour}:{offset // 60:02}:{offset % 60:02}" for hour in (10, 11)}


@pytest.mark.parametrize("arguments, status, text", [
    (["--from", "tomorrow"], 2, "--from"),
    (["--assume", "long"], 2, "--assume"),
    (["--days", "0"], 2, "--days"),
    (["--days", "1", "--hours", "1"], 2, "--hours"),
    (["--config", "/no/such/rota.toml"], 1, "/no/such/rota.toml"),
])
def test_what_is_wrong_is_said(directory, arguments, status, text):
    result = subprocess.run([ROTA, "forecast", *arguments], capture_output=True, text=True,
                            env={**os.environ, "ROTA_CONFIG": str(directory / "rota.toml")})
    assert result.returncode == status and text in result.stderr and result.stdout == ""


def test_a_fault_in_a_job_file_is_said_with_its_place(directory):
    (directory / "jobs.d" / "b.toml").write_text('[jobs.bad]\ncommand = ["/bin/true"]\nschedule = "every blue moon"\n')
    assert "b.toml:3" in forecast(directory, status=1).stderr


@pytest.mark.parametrize("columns", [40, 80])
def test_the_text_fits_a_terminal_and_loses_nothing(directory, columns):
    record(directory, "backup", [600])
    asked = ["forecast", "--config", directory / "rota.toml", "--from", FROM, "--days", "1"]
    whole = subprocess.run([ROTA, *asked], capture_output=True, text=True, check=True).stdout
    line = f"stty cols {columns}; exec " + shlex.join(map(str, [ROTA, *asked]))
    shown = subprocess.run(["script", "-qec", line, "/dev/null"], capture_output=True, check=True, stdin=subprocess.DEVNULL)
    assert whole.split() == shown.stdout.decode().split()
    assert max(map(len, whole.splitlines())) > columns >= max(map(len, shown.stdout.decode().splitlines()))
