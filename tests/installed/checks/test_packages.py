"""The life of the packages: upgraded, removed, purged; what is built on them; the history saved and put back."""

import contextlib
import os
import pathlib
import shutil
import sqlite3

import pytest

from installed import (
    DATABASE,
    PAYLOAD,
    SETTINGS,
    UNITS,
    add_jobs,
    ask,
    finished,
    has_package_files,
    install,
    is_active,
    packages,
    processes_with,
    purge,
    rows,
    show,
    started,
    stop_all,
    succeed,
    trigger,
    version_of,
    wait_until,
)

JOB = '[jobs.kept]\ncommand = ["true"]\n'


@pytest.fixture(autouse=True)
def nothing_installed_for_the_next_check(rota_as_installed):
    if not has_package_files():
        pytest.skip("no package files to install and remove")
    yield
    purge()


def installed_version():
    return succeed("dpkg-query", "-W", "-f", "${Version}", "rota")


def schema_version():
    with contextlib.closing(sqlite3.connect(DATABASE, timeout=30)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def install_previous():
    purge()
    install(packages("rota", directory="previous"))
    assert installed_version() == version_of(packages("rota", directory="previous")[0])
    wait_until(is_active, "the previous version to be active")


def upgrade():
    install(packages("rota"))
    assert installed_version() == version_of(packages("rota")[0])
    succeed("systemctl", "start", *UNITS)
    wait_until(is_active, "the service to be active after the upgrade")


def test_an_upgrade_keeps_settings_and_secret_and_migrates_the_history():
    current = schema_version()
    install_previous()
    SETTINGS.write_text(SETTINGS.read_text() + 'rows_for = "9999 days"\n')
    add_jobs(JOB)
    settings, secret = SETTINGS.read_text(), pathlib.Path("/etc/rota/secret").read_text()
    stop_all()
    for file in DATABASE.parent.glob("rota.db*"):
        file.unlink()
    with contextlib.closing(sqlite3.connect(DATABASE)) as connection:
        connection.executescript((PAYLOAD / "database_of_version_1.sql").read_text())
    assert schema_version() == 1
    upgrade()
    assert schema_version() == current > 1
    assert [row["id"] for row in rows("scrape")][:5] == [1, 2, 4, 5, 6]
    assert [row["state"] for row in rows("clean")] == ["lost"]
    assert (SETTINGS.read_text(), pathlib.Path("/etc/rota/secret").read_text()) == (settings, secret)
    assert finished(trigger("kept"))["state"] == "succeeded"


def test_an_upgrade_while_a_job_runs_records_it_as_cancelled_and_leaves_the_sockets_open():
    install_previous()
    add_jobs('[jobs.sleeper]\ncommand = ["sleep", "86395"]\n')
    started(trigger("sleeper"))
    sockets = [show("ActiveEnterTimestampMonotonic", unit) for unit in ("rotad.socket", "rotad-control.socket")]
    upgrade()
    assert [show("ActiveEnterTimestampMonotonic", unit) for unit in ("rotad.socket", "rotad-control.socket")] == sockets
    assert [row["state"] for row in rows("sleeper")] == ["cancelled"]
    assert processes_with("86395") == []


def test_removing_the_package_keeps_the_history_and_the_settings():
    add_jobs(JOB)
    run_id = trigger("kept")
    finished(run_id)
    succeed("apt-get", "--quiet", "--yes", "remove", "rota")
    assert not pathlib.Path("/usr/bin/rotad").exists()
    assert not any(is_active(unit) for unit in UNITS)
    assert processes_with("rotad") == []
    assert rows("kept")[0]["id"] == run_id
    assert pathlib.Path("/etc/rota/secret").exists() and SETTINGS.exists()
    install(packages("rota"))
    assert ask("runs")["runs"][0]["id"] == run_id


def test_purging_the_package_removes_all():
    add_jobs(JOB)
    finished(trigger("kept"))
    pathlib.Path("/etc/rota/jobs.d/check.toml").unlink()
    succeed("apt-get", "--quiet", "--yes", "purge", "rota")
    left = [str(path) for path in map(pathlib.Path, (
        *("/etc/rota", "/var/lib/rota", "/var/log/rota", "/run/rota", "/usr/bin/rotad", "/usr/bin/rota", "/usr/lib/rota"),
        *("/etc/systemd/system/multi-user.target.wants/rotad.service", "/usr/share/doc/rota"),
    )) if path.exists()]  # fmt: skip
    assert left == []
    assert not any(is_active(unit) for unit in UNITS)


def test_all_packages_are_installed_together_and_the_examples_are_there():
    install(packages("rota", "rota-dev", "rota-examples"))
    assert (pathlib.Path("/usr/lib/rota/examples") / "clean_up_embeddings.so").exists()
    assert is_active()


def test_a_job_module_is_built_outside_the_tree_and_runs():
    for program in ("g++", "cmake", "make"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not on this machine")
    install(packages("rota", "rota-dev"))
    work = pathlib.Path("/root/job-skeleton")
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree("/usr/share/doc/rota-dev/examples/job-skeleton", work)
    succeed("cmake", "-S", work, "-B", work / "build")
    succeed("cmake", "--build", work / "build")
    by_hand = ("rota-worker", "count_lines", "--module", work / "build/count_lines.so", "--param", "file=/etc/passwd")
    succeed(*by_hand)
    succeed("cmake", "--install", work / "build")
    succeed("systemctl", "reload", "rotad.service")
    wait_until(lambda: [job["name"] for job in ask("jobs")["jobs"]] == ["count_lines"], "the job of the module")
    row = finished(trigger("count_lines"))
    assert row["state"] == "succeeded"
    assert row["lines_processed"] == len(pathlib.Path("/etc/passwd").read_text().splitlines())


@pytest.mark.parametrize("test", ["command-job", "job-module"])
def test_the_autopkgtests_pass(test):
    install(packages("rota", "rota-dev", "rota-examples"))
    succeed(PAYLOAD / "autopkgtests" / test, env=os.environ | {"LC_ALL": "C.UTF-8"})


def test_a_backup_is_restored():
    add_jobs(JOB)
    before = trigger("kept")
    finished(before)
    backup = pathlib.Path("/root/rota-backup.db")
    backup.unlink(missing_ok=True)
    succeed("rota", "backup", backup)
    after = trigger("kept")
    finished(after)
    stop_all()
    for file in DATABASE.parent.glob("rota.db*"):
        file.unlink()
    succeed("install", "-m", "0600", backup, DATABASE)
    succeed("systemctl", "start", *UNITS)
    assert [row["id"] for row in ask("runs")["runs"]] == [before]
    assert finished(trigger("kept"))["state"] == "succeeded"
