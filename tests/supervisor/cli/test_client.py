"""The commands of `rota` that ask a supervisor, against the real rotad over its Unix socket."""

import contextlib
import json
import os
import re
import signal
import sqlite3
import stat
import subprocess

import pytest

from system.daemon_under_test import BIN, SECRET, Daemon, job_table, token, wait_until

# Says how far it is and goes on once somebody writes to the pipe that its parameter names.
REPORTS = """echo '{"type":"progress","done":3,"total":9,"message":"three"}' >&"$ROTA_EVENTS_FD"; read line < "$ROTA_PARAM_GATE" """

COMMANDS = (
    job_table("c_reports", command=["/bin/bash", "-c", REPORTS])
    + job_table("c_exits", command=["/bin/sh", "-c", "echo from the shell; exit 7"])
    + job_table("c_writes", command=["/bin/sh", "-c", "printf 'a\\033[31mb\\n'"])
    + job_table("t_ok", schedule="every day at 03:00")
    + job_table("p_sleeps", timeout="1 hour")
    + job_table("p_ignores_sigterm", timeout="1 s", grace="100 ms")
)


def environment(**more):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ROTA_") and name != "NO_COLOR"}
    return {**clean, "TZ": "UTC", **more}


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    with Daemon(tmp_path_factory.mktemp("daemon"), COMMANDS) as running:
        yield running


@pytest.fixture(scope="module")
def rota(daemon):
    def run(*arguments, **more):
        command = [BIN / "rota", *arguments, "--socket", daemon.directory / "rota.sock"]
        return subprocess.run(command, capture_output=True, text=True, env=environment(**more), timeout=120)

    return run


def output(result, status=0):
    assert result.returncode == status, result.stderr
    return result.stdout


def start(daemon, *arguments):
    return subprocess.Popen([BIN / "rota", *arguments, "--socket", daemon.directory / "rota.sock"], env=environment(),
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def terminal_of(daemon, columns, command, **more):
    """A command on a terminal of so many columns; its output is all that the terminal gets."""
    asked = f"stty cols {columns}; exec {BIN}/rota {command} --socket {daemon.directory}/rota.sock"
    return subprocess.Popen(["script", "-qec", asked, "/dev/null"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            env=environment(**{"TERM": "xterm", **more}))


def on_terminal(daemon, columns, command, **more):
    with terminal_of(daemon, columns, command, **more) as terminal:
        shown = terminal.communicate(timeout=60)[0].decode()
    assert terminal.returncode == 0
    return shown


def lines_on_terminal(daemon, columns, command):
    """Without their colours."""
    return re.sub("\033\\[[0-9;]*m", "", on_terminal(daemon, columns, command)).splitlines()


def sleeping_run(daemon, rota):
    run = json.loads(output(rota("run", "p_sleeps", "--json")))["run_id"]
    daemon.started(run)
    return run


def test_jobs_are_listed_with_their_next_occurrence(rota):
    lines = output(rota("jobs")).splitlines()
    assert lines[0].split()[:2] == ["JOB", "KIND"]
    row = next(line for line in lines if line.startswith("t_ok "))
    assert "thread" in row and "03:00:00" in row and "every day at 03:00 in UTC" in row
    names = [job["name"] for job in json.loads(output(rota("jobs", "--json")))["jobs"]]
    assert {"t_ok", "p_ok", "c_exits"} <= set(names) and len(lines) == len(names) + 1


def test_one_job_is_shown_with_its_latest_runs(daemon, rota):
    daemon.finished(daemon.trigger("t_ok"))
    shown = output(rota("job", "t_ok"))
    assert "schedule:" in shown and "15 min" in shown and "succeeded" in shown
    assert json.loads(output(rota("job", "c_exits", "--json")))["kind"] == "command"


def test_what_is_not_there_is_exit_status_1_with_what_to_do(rota):
    for arguments, text in [(["job", "t_ko"], "rota jobs"), (["run", "t_ko"], "rota jobs"), (["pause", "t_ko"], "t_ko"),
                            (["cancel", "99999"], "rota runs"), (["logs", "99999"], "rota runs"),
                            (["pause", "--group", "no_group"], "no_group")]:
        result = rota(*arguments)
        assert result.returncode == 1 and text in result.stderr and result.stdout == ""


def test_runs_are_filtered(daemon, rota):
    failed = daemon.finished(daemon.trigger("t_fails"))["id"]
    succeeded = daemon.finished(daemon.trigger("t_ok"))["id"]

    def ids(*arguments):
        return [run["id"] for run in json.loads(output(rota("runs", "--json", *arguments)))["runs"]]

    assert ids("--limit", "1") == [succeeded]
    assert failed in ids("--state", "failed") and succeeded not in ids("--state", "failed")
    assert failed in ids("--job", "t_fails") and succeeded not in ids("--job", "t_fails")
    assert succeeded in ids("--since", "1h") and ids("--since", "2100-01-01T00:00:00Z") == []
    assert "no such run" in rota("runs", "--job", "t_fails", "--state", "lost").stderr
    table = output(rota("runs", "--job", "t_fails", "--limit", "1")).splitlines()
    assert len(table) == 2 and "said so itself" in table[1] and "\033" not in table[1]


def test_history_longer_than_a_page_is_read_in_pages(tmp_path):
    with Daemon(tmp_path) as daemon:
        daemon.finished(daemon.trigger("t_ok"))
        daemon.stop()
        with contextlib.closing(sqlite3.connect(daemon.database)) as database:
            columns = [row[1] for row in database.execute("PRAGMA table_info(scheduled_job_runs)") if row[1] != "id"]
            names = ", ".join(columns)
            for _ in range(11):
                database.execute(
                    f"INSERT INTO scheduled_job_runs ({names}) SELECT {names} FROM scheduled_job_runs")
            database.commit()
        daemon.start()
        result = subprocess.run([BIN / "rota", "runs", "--limit", "1500", "--json", "--socket", tmp_path / "rota.sock"],
                                capture_output=True, text=True, env=environment(), check=True, timeout=120)
        ids = [run["id"] for run in json.loads(result.stdout)["runs"]]
        assert ids == list(range(2048, 548, -1)) and json.loads(result.stdout)["next_before"] == 549


def test_runs_follow_what_is_new_and_what_changes(daemon, rota):
    with start(daemon, "runs", "--follow", "--json", "--limit", "1", "--job", "p_sleeps") as follower:
        try:
            run = sleeping_run(daemon, rota)
            seen = json.loads(follower.stdout.readline())
            while seen["id"] != run or seen["state"] != "running":
                seen = json.loads(follower.stdout.readline())
            output(rota("cancel", str(run)))
            while seen["state"] != "cancelled":
                seen = json.loads(follower.stdout.readline())
            assert seen["id"] == run
        finally:
            follower.kill()


def test_a_run_is_accepted_with_its_parameters(daemon, rota):
    run = json.loads(output(rota("run", "t_echo", "--param", "a=1", "--param", "b=x = y", "--json")))["run_id"]
    row = daemon.finished(run)
    assert row["parameters"] == {"a": "1", "b": "x = y"} and row["requested_by"].startswith("local:")
    assert "rota logs -f" in output(rota("run", "t_ok"))


@pytest.mark.parametrize("job, status, log, told", [
    ("p_ok", 0, "all is well", "succeeded"),
    ("t_ok", 0, "all is well", "succeeded"),
    ("p_fails", 1, "it does not work", "said so itself"),
    ("c_exits", 7, "from the shell", "failed"),
    ("p_segfaults", 128 + signal.SIGSEGV, "about to touch", "crashed"),
    ("p_exits_silently", 1, "", "crashed"),
    ("p_ignores_sigterm", 124, "", "timed_out"),
])
def test_a_wait_shows_the_log_and_ends_as_the_run_does(rota, job, status, log, told):
    result = rota("run", job, "--wait")
    assert log in output(result, status)
    assert told in result.stderr


def test_a_wait_in_json_prints_the_run_alone(rota):
    result = rota("run", "t_fails", "--wait", "--json")
    assert json.loads(output(result, 1))["error_message"] == "said so itself"


def test_a_cancelled_run_ends_its_wait_with_130(daemon, rota):
    with start(daemon, "run", "p_sleeps", "--wait") as waiting:
        assert "sleeping" in waiting.stdout.readline()
        run = daemon.rows("job_name = 'p_sleeps' AND state = 'running'")[-1]["id"]
        assert "asked to end" in output(rota("cancel", str(run)))
        assert waiting.wait(timeout=60) == 130
    result = rota("cancel", str(run))
    assert result.returncode == 1 and "rota runs" in result.stderr


def test_an_interrupted_wait_leaves_the_run_running(daemon, rota):
    with start(daemon, "run", "p_sleeps", "--wait") as waiting:
        assert "sleeping" in waiting.stdout.readline()
        run = daemon.rows("job_name = 'p_sleeps' AND state = 'running'")[-1]["id"]
        waiting.send_signal(signal.SIGINT)
        assert waiting.wait(timeout=60) == 130
        assert f"rota cancel {run}" in waiting.stderr.read()
    assert daemon.run(run)["state"] == "running"
    output(rota("cancel", str(run)))
    daemon.finished(run)


def test_logs_follow_until_the_run_ends(daemon, rota, tmp_path):
    release = tmp_path / "release"
    run = daemon.trigger("p_sleeps", ignore_stop="true", release=str(release))
    with start(daemon, "logs", "-f", str(run)) as follower:
        assert "sleeping" in follower.stdout.readline()
        assert follower.poll() is None
        release.touch()
        assert follower.wait(timeout=60) == 0
    assert output(rota("logs", str(run))) == daemon.log(run)
    assert json.loads(output(rota("logs", str(run), "--json")))["text"] == daemon.log(run)


def test_a_log_reaches_a_pipe_as_it_is_and_a_terminal_without_control_characters(daemon, rota):
    run = daemon.finished(daemon.trigger("c_writes"))["id"]
    assert "a\033[31mb" in output(rota("logs", str(run)))
    command = f"{BIN}/rota logs {run} --socket {daemon.directory}/rota.sock"
    shown = subprocess.run(["script", "-qec", command, "/dev/null"], capture_output=True, env=environment(), check=True,
                           stdin=subprocess.DEVNULL, timeout=60).stdout
    assert b"[31mb" in shown and b"\033" not in shown


def test_a_paused_job_says_so_until_it_is_resumed(rota):
    output(rota("pause", "t_ok"))
    assert "paused" in next(line for line in output(rota("jobs")).splitlines() if line.startswith("t_ok "))
    assert "job t_ok by local:" in output(rota("status"))
    output(rota("resume", "t_ok"))
    output(rota("pause", "--all"))
    assert json.loads(output(rota("status", "--json")))["pauses"][0]["scope"] == "all"
    output(rota("resume", "--all"))
    assert json.loads(output(rota("status", "--json")))["pauses"] == []


def test_a_resume_says_what_still_holds_the_job_back(tmp_path):
    jobs = "[groups.disk]\nlimit = 1\n" + job_table("c_disk", command=["/bin/true"], group="disk")
    with Daemon(tmp_path, jobs) as daemon:
        def ask(*arguments):
            return output(subprocess.run([BIN / "rota", *arguments, "--socket", daemon.socket], capture_output=True, text=True,
                                         env=environment(), timeout=120))

        ask("pause", "--group", "disk")
        ask("pause", "--all")
        assert "still paused, group disk by local:" in ask("resume", "c_disk")
        assert "still paused, all by local:" in ask("resume", "--group", "disk")
        assert "still paused, all by local:" in ask("resume", "c_disk")
        assert ask("resume", "--all") == "all jobs: resumed\n"
        assert ask("resume", "c_disk") == "job c_disk: resumed\n"


def test_a_reload_says_what_changed_or_why_nothing_did(tmp_path):
    with Daemon(tmp_path, COMMANDS) as daemon:
        def reload():
            return subprocess.run([BIN / "rota", "reload", "--socket", tmp_path / "rota.sock"], capture_output=True,
                                  text=True, env=environment(), timeout=120)

        good = daemon.configuration.read_text()
        daemon.configuration.write_text(good + job_table("c_new", command=["/bin/true"]))
        assert "1 added" in output(reload())
        daemon.configuration.write_text(good + "[jobs.c_bad]\ncommand = 7\n[jobs.t_ok2]\nschedul = 'x'\n")
        result = reload()
        assert result.returncode == 1 and "c_bad" in result.stderr and "schedul" in result.stderr
        assert "c_new" in {job["name"] for job in daemon.request("GET", "/scheduler/jobs").json()["jobs"]}


def test_a_backup_is_a_whole_database_that_only_its_owner_reads(daemon, rota, tmp_path):
    daemon.finished(daemon.trigger("t_ok"))
    copy = tmp_path / "copy.db"
    assert str(copy) in output(rota("backup", str(copy)))
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600 and list(tmp_path.iterdir()) == [copy]
    with contextlib.closing(sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM scheduled_job_runs").fetchone()[0] >= 1
    before = copy.read_bytes()
    result = rota("backup", str(copy))
    assert result.returncode == 1 and "is there already" in result.stderr and copy.read_bytes() == before


def test_a_prune_removes_what_is_not_kept(tmp_path):
    with Daemon(tmp_path, '[history]\nrows_per_job = 1\nrows_for = "forever"\n') as daemon:
        for _ in range(3):
            daemon.finished(daemon.trigger("t_ok"))
        result = subprocess.run([BIN / "rota", "prune", "--json", "--socket", tmp_path / "rota.sock"],
                                capture_output=True, text=True, env=environment(), check=True, timeout=120)
        assert set(json.loads(result.stdout)) == {"rows", "logs"} and len(daemon.rows()) == 1


def test_status_tells_of_the_supervisor(rota):
    shown = output(rota("status"))
    assert "rotad" in shown and "t_ok at" in shown
    assert json.loads(output(rota("status", "--json")))["running"] >= 0


def test_over_http_a_token_says_what_is_allowed(daemon, tmp_path):
    def ask(scope, *arguments):
        return subprocess.run([BIN / "rota", *arguments, "--url", f"http://127.0.0.1:{daemon.port}"], capture_output=True,
                              text=True, timeout=60, env=environment(**({"ROTA_TOKEN": token(scope)} if scope else {})))

    assert "t_ok" in output(ask("read", "jobs"))
    refused = ask("read", "run", "t_ok")
    assert refused.returncode == 1 and "--scope" in refused.stderr
    nobody = ask(None, "jobs")
    assert nobody.returncode == 1 and "--token-file" in nobody.stderr
    assert SECRET not in refused.stderr + nobody.stderr


def test_a_supervisor_that_has_ended_is_exit_status_3(tmp_path):
    daemon = Daemon(tmp_path)
    with daemon:
        wait_until((tmp_path / "rota.sock").exists, "the socket")
    result = subprocess.run([BIN / "rota", "status", "--socket", tmp_path / "rota.sock"], capture_output=True, text=True,
                            env=environment(), timeout=60)
    assert result.returncode == 3 and "systemctl start rotad" in result.stderr


@pytest.mark.parametrize("columns", [40, 80])
def test_tables_fit_the_terminal_and_cut_no_instant(daemon, rota, columns):
    daemon.finished(daemon.trigger("t_fails"))
    for command in ("jobs", "job t_ok", "runs", "status"):
        lines = lines_on_terminal(daemon, columns, command)
        assert lines and max(map(len, lines)) <= columns, command
        assert not [line for line in lines if re.search(r"\b\d{4}-[\d\- :]*…", line)], command
    assert "t_ok " in "\n".join(lines_on_terminal(daemon, columns, "jobs"))


def test_colours_are_for_a_terminal_that_wants_them(daemon, rota):
    daemon.finished(daemon.trigger("t_fails"))
    red = "\033[31mfailed\033[0m"
    assert red in on_terminal(daemon, 120, "runs")
    assert "\033" not in on_terminal(daemon, 120, "runs", NO_COLOR="1") + on_terminal(daemon, 120, "runs", TERM="dumb")
    assert "\033" not in output(rota("runs", TERM="xterm"))


def test_times_are_those_of_the_local_zone_or_utc(rota):
    def next_of(*arguments, zone):
        line = next(line for line in output(rota("jobs", *arguments, TZ=zone)).splitlines() if line.startswith("t_ok "))
        return re.search(r"\d{4}-\d\d-\d\d (\d\d:\d\d:\d\d)", line)[1]

    assert next_of(zone="Asia/Kathmandu") == "08:45:00"
    assert next_of("--utc", zone="Asia/Kathmandu") == next_of(zone="UTC") == "03:00:00"
    for command in (["job", "t_ok"], ["status"], ["runs", "--limit", "1"]):
        assert output(rota(*command, "--utc", TZ="Asia/Kathmandu")) == output(rota(*command, TZ="UTC"))


@pytest.mark.parametrize("columns, bar", [(40, b"[####.........]"), (120, b"[##########....................]")])
def test_a_wait_shows_a_progress_bar_on_a_terminal(daemon, tmp_path, columns, bar):
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    with terminal_of(daemon, columns, f"run c_reports --wait --param gate={gate}") as terminal:
        shown = b""
        while b"33 % (3 of 9) three" not in shown:
            piece = terminal.stdout.read1()
            assert piece, shown
            shown += piece
        gate.write_text("go\n")
        assert b"c_reports: succeeded" in terminal.stdout.read()
    assert terminal.returncode == 0
    assert bar in shown
