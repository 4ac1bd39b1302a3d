"""A second daemon on the database of one that is alive, where no socket keeps them apart: it leaves before it has done
anything, and the first goes on."""

import subprocess

from system.daemon_under_test import BIN, Daemon, alive, job_table, workers_of


def without_control_socket(directory, jobs):
    daemon = Daemon(directory, jobs)
    text = daemon.configuration.read_text()
    daemon.configuration.write_text(text.replace('control_socket = "rota.sock"', 'control_socket = ""'))
    return daemon


def test_a_second_daemon_is_refused_and_the_runs_of_the_first_go_on(tmp_path):
    release = tmp_path / "release"
    with without_control_socket(tmp_path, job_table("p_sleeps", parameters={"release": release})) as daemon:
        run = daemon.trigger("p_sleeps")
        daemon.started(run)
        [worker] = workers_of(daemon.process.pid)
        files = {file: file.read_bytes() for file in tmp_path.glob("rota.db*")}
        second = subprocess.run([BIN / "rotad", "--config", daemon.configuration], capture_output=True, text=True,
                                timeout=60, check=False)
        said = second.stdout + second.stderr
        assert second.returncode == 1, said
        assert f"database {daemon.database}: another rotad has it; stop that one" in said
        assert alive(worker)
        assert files == {file: file.read_bytes() for file in tmp_path.glob("rota.db*")}
        release.touch()
        assert daemon.finished(run)["state"] == "succeeded"


def test_after_a_kill_the_next_is_not_refused(tmp_path):
    with without_control_socket(tmp_path, job_table("p_sleeps")) as daemon:
        for _ in range(5):
            run = daemon.trigger("p_sleeps")
            daemon.started(run)
            daemon.trigger("p_ok")  # a worker that is being started has what its supervisor had
            daemon.kill()
            daemon.start()
            assert daemon.finished(run)["state"] == "lost"
