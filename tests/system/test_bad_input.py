"""What is wrong is refused by name, and the supervisor goes on."""

import shutil
import subprocess

import pytest

from system.daemon_under_test import BIN, LIB, Daemon, token


def refused(directory, **tables):
    daemon = Daemon(directory, **tables)
    result = subprocess.run([BIN / "rotad", "--config", daemon.configuration], capture_output=True, text=True, timeout=60)
    assert result.returncode == 2, result.stderr
    return result.stderr


@pytest.mark.parametrize(
    "tables, expected",
    [
        ({"supervisor": "thread = 4"}, ["thread", "threads", "rota.toml"]),
        ({"supervisor": "threads = 0"}, ["threads", "1"]),
        ({"supervisor": "processes = 'many'"}, ["processes"]),
        ({"jobs": "[jobs.t_ok]\nschedule = 'every 2 mondays'"}, ["t_ok", "schedule"]),
        ({"jobs": "[jobs.t_ok]\nschedule = '61 * * * *'"}, ["t_ok", "61"]),
        ({"jobs": "[jobs.t_ok]\ntimeout = '5 parsecs'"}, ["t_ok", "timeout"]),
        ({"jobs": "[jobs.no_such_job]\ntimeout = '5 minutes'"}, ["no_such_job"]),
        ({"http": "disable_auth = true\nlistne = 'x'"}, ["listne", "listen"]),
    ],
)
def test_a_wrong_configuration_is_refused_with_its_place(tmp_path, tables, expected):
    message = refused(tmp_path, **tables)
    for text in expected:
        assert text in message


def test_no_authentication_is_refused_on_an_address_that_is_not_loopback(tmp_path):
    daemon = Daemon(tmp_path)
    text = daemon.configuration.read_text().replace("127.0.0.1:0", "0.0.0.0:0")
    daemon.configuration.write_text(text)
    result = subprocess.run(
        [BIN / "rotad", "--config", daemon.configuration],
        capture_output=True, text=True, timeout=60, env={"DISABLE_AUTH": "true", "PATH": "/usr/bin:/bin"},
    )
    assert result.returncode == 2 and "loopback" in result.stderr


@pytest.mark.parametrize("algorithm, key, said", [
    ("HS256", "short", "http.jwt.secret_file: token secret"),
    ("RS256", "no key at all", "http.jwt.public_key_file: token key"),
    ("ES256", None, "http.jwt.public_key_file: token key"),
])
def test_a_key_that_can_check_no_token_is_refused_before_anything_is_opened(tmp_path, algorithm, key, said):
    daemon = Daemon(tmp_path)
    text = daemon.configuration.read_text().replace('"HS256"', f'"{algorithm}"')
    if algorithm != "HS256":
        text = text.replace("secret_file", "public_key_file")
    daemon.configuration.write_text(text)
    (tmp_path / "secret").write_text(key) if key else (tmp_path / "secret").unlink()
    for command, status in [([BIN / "rotad"], 2), ([BIN / "rotad", "--check"], 2), ([BIN / "rota", "check"], 1)]:
        result = subprocess.run([*command, "--config", daemon.configuration], capture_output=True, text=True, timeout=60)
        assert result.returncode == status and "rota.toml: " + said in result.stderr, result.stderr
    assert not daemon.socket.exists() and not daemon.database.exists()


def test_a_missing_configuration_file_is_named(tmp_path):
    result = subprocess.run([BIN / "rotad", "--config", tmp_path / "none.toml"], capture_output=True, text=True, timeout=60)
    assert result.returncode == 2 and "none.toml" in result.stderr


def test_bad_modules_are_reported_and_the_rest_still_loads(tmp_path):
    modules = tmp_path / "modules"
    modules.mkdir()
    for module in [*(LIB / "bad-modules").glob("*.so"), LIB / "test-modules" / "behaviours.so"]:
        shutil.copy(module, modules)
    daemon = Daemon(tmp_path)
    daemon.configuration.write_text(daemon.configuration.read_text().replace(f"{LIB}/test-modules", str(modules)))
    with daemon:
        assert daemon.finished(daemon.trigger("p_ok"))["state"] == "succeeded"
        said = daemon.output.read_text()
        for module in (LIB / "bad-modules").glob("*.so"):
            assert module.name in said


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "rota.db").write_text("this is not a database, it is a letter" * 100)
    daemon = Daemon(tmp_path)
    result = subprocess.run([BIN / "rotad", "--config", daemon.configuration], capture_output=True, text=True, timeout=60)
    assert result.returncode == 3 and "rota.db" in result.stderr


def test_requests_without_right_are_refused_and_with_it_are_served(tmp_path):
    with Daemon(tmp_path) as daemon:
        path = "/scheduler/run/t_ok"
        assert daemon.request("POST", path, headers={}).status_code == 401
        assert daemon.request("POST", path, headers={"Authorization": "Bearer x.y.z"}).status_code == 401
        assert daemon.request("POST", path, headers={"Authorization": "Bearer " + token(exp=1)}).status_code == 401
        assert daemon.request("POST", path, scope="read").status_code == 403
        assert daemon.request("POST", "/scheduler/run/no_such_job").status_code == 404
        problem = daemon.request("POST", path, data="{", headers={
            "Authorization": "Bearer " + token(), "Content-Type": "application/json"})
        assert problem.status_code == 400 and problem.headers["Content-Type"].startswith("application/problem+json")
        assert daemon.rows() == []
        assert daemon.request("POST", path).status_code == 202


def test_a_worker_that_is_missing_fails_the_run_and_nothing_else(tmp_path):
    daemon = Daemon(tmp_path)
    worker = tmp_path / "worker"
    shutil.copy(BIN / "rota-worker", worker)
    daemon.configuration.write_text(daemon.configuration.read_text().replace(f"{BIN}/rota-worker", str(worker)))
    with daemon:
        worker.unlink()
        row = daemon.finished(daemon.trigger("p_ok"))
        assert (row["state"], row["error_type"]) == ("failed", "start")
        assert daemon.finished(daemon.trigger("t_ok"))["state"] == "succeeded"
