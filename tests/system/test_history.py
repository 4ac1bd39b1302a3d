"""What the history keeps, and a copy of it while the daemon writes."""

import contextlib
import sqlite3
import time

from system.daemon_under_test import Daemon, job_table, wait_until


def prune(daemon):
    answer = daemon.request("POST", "/scheduler/prune", scope="admin")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_rows_and_logs_go_by_count_and_what_the_next_run_needs_stays(tmp_path):
    jobs = job_table("t_counts", history={"rows_per_job": 3, "logs_per_job": 2})
    with Daemon(tmp_path, jobs) as daemon:
        runs = [daemon.trigger_and_finish("t_counts") for _ in range(6)]
        pruned = prune(daemon)
        assert pruned["rows"] == 3
        assert [row["id"] for row in daemon.rows("job_name = 't_counts'")] == [run["id"] for run in runs[3:]]
        wait_until(lambda: len(list((daemon.logs / "t_counts").iterdir())) == 2, "the removal of logs")
        assert daemon.request("GET", f"/scheduler/runs/{runs[3]['id']}/log").status_code == 404
        assert daemon.request("GET", f"/scheduler/runs/{runs[5]['id']}/log").status_code == 200
        assert prune(daemon) == {"rows": 0, "logs": 0}
        assert daemon.trigger_and_finish("t_counts")["last_entry"] == "7"


def test_rows_go_by_age_and_their_occurrences_do_not_come_back(tmp_path):
    jobs = job_table("t_ok", schedule="every hour", history={"rows_for": "10 days"})
    with Daemon(tmp_path, jobs) as daemon:
        daemon.stop()
        old = int(time.time() - 20 * 86400) // 3600 * 3600000
        with contextlib.closing(sqlite3.connect(daemon.database)) as connection:
            connection.execute(
                "INSERT INTO scheduled_job_runs (id, job_name, trigger, scheduled_for, attempt, state, queued_at,"
                " finished_at, success) VALUES (1, 't_ok', 'schedule', ?, 1, 'succeeded', ?, ?, 1)", (old, old, old))
            connection.execute("UPDATE job_facts SET last_occurrence = ?, last_success_at = ?", (old, old))
            connection.commit()
        daemon.start()
        wait_until(lambda: daemon.rows("trigger = 'catch_up' AND state = 'succeeded'"), "the catch-up")
        assert prune(daemon)["rows"] == 1
        assert not daemon.rows("scheduled_for <= ?", [old])
        daemon.stop()
        daemon.start()
        assert daemon.trigger_and_finish("t_ok")["state"] == "succeeded"
        assert not daemon.rows("scheduled_for <= ?", [old])


def test_the_history_of_a_job_that_is_gone_is_kept_by_the_rules_for_all(tmp_path):
    with Daemon(tmp_path, job_table("gone", command=["/bin/true"])) as daemon:
        for _ in range(3):
            daemon.trigger_and_finish("gone")
        daemon.trigger_and_finish("t_ok")
        daemon.configure("[history]\nrows_per_job = 1\n")
        assert daemon.reload().status_code == 200
        assert prune(daemon)["rows"] == 2
        assert len(daemon.rows("job_name = 'gone'")) == 1


def test_a_backup_is_whole_while_runs_are_recorded(tmp_path):
    with Daemon(tmp_path, job_table("t_no_op", schedule="every 1 second")) as daemon:
        wait_until(lambda: len(daemon.rows("state = 'succeeded'")) >= 2, "some history")
        answer = daemon.request("GET", "/scheduler/backup", scope="admin")
        assert answer.status_code == 200
        copy = tmp_path / "copy.db"
        copy.write_bytes(answer.content)
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert connection.execute("SELECT count(*) FROM scheduled_job_runs WHERE state = 'succeeded'").fetchone()[0] >= 2
        assert not list(tmp_path.glob("backup-*"))


def test_a_backup_can_be_started_with(tmp_path):
    with Daemon(tmp_path) as daemon:
        run = daemon.trigger_and_finish("t_counts")
        content = daemon.request("GET", "/scheduler/backup", scope="admin").content
        daemon.stop()
        for file in tmp_path.glob("rota.db*"):
            file.unlink()
        daemon.database.write_bytes(content)
        daemon.start()
        assert daemon.run(run["id"])["last_entry"] == run["last_entry"]
        assert daemon.trigger_and_finish("t_counts")["last_entry"] == "2"
