"""How `rota` chooses whom to ask, and what it says when that cannot be."""

import os
import socket
import subprocess

import pytest

ROTA = os.path.join(os.environ["ROTA_BIN"], "rota")


def rota(*arguments, **environment):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ROTA_")}
    return subprocess.run([ROTA, *arguments], capture_output=True, text=True, env={**clean, **environment}, timeout=60)


def closed_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def token_file(tmp_path):
    file = tmp_path / "token"
    file.write_text("a.b.c\n")
    file.chmod(0o600)
    return file


def test_a_socket_that_is_not_there_is_exit_status_3(tmp_path):
    result = rota("jobs", "--socket", str(tmp_path / "none.sock"))
    assert result.returncode == 3 and result.stdout == ""
    assert "none.sock" in result.stderr and "systemctl start rotad" in result.stderr


def test_a_socket_that_nobody_serves_any_more_is_exit_status_3(tmp_path):
    path = str(tmp_path / "old.sock")
    with socket.socket(socket.AF_UNIX) as left_over:
        left_over.bind(path)
    result = rota("status", ROTA_SOCKET=path)
    assert result.returncode == 3 and "systemctl start rotad" in result.stderr


def test_a_url_that_does_not_answer_is_exit_status_3():
    result = rota("jobs", "--url", f"http://127.0.0.1:{closed_port()}")
    assert result.returncode == 3 and "http.listen" in result.stderr


def test_the_command_line_goes_before_the_environment(tmp_path):
    url = f"http://127.0.0.1:{closed_port()}"
    assert url in rota("jobs", ROTA_URL=url, ROTA_SOCKET=str(tmp_path / "none.sock")).stderr
    assert "none.sock" in rota("jobs", "--socket", str(tmp_path / "none.sock"), ROTA_URL=url).stderr
    assert url in rota("jobs", "--url", url, ROTA_SOCKET=str(tmp_path / "none.sock")).stderr


@pytest.mark.parametrize("arguments, text", [
    (["jobs", "--url", "127.0.0.1:8642"], "http://"),
    (["jobs", "--url", "file:///etc/passwd"], "http://"),
    (["jobs", "--url", "http://x", "--socket", "/y"], "--socket"),
    (["jobs", "--token-file", "/no/such/file"], "--url"),
    (["jobs", "--url", "http://127.0.0.1", "--token-file", "/no/such/file"], "/no/such/file"),
    (["jobs", "--token", "a.b.c"], "--token"),
    (["runs", "--state", "broken"], "timed_out"),
    (["runs", "--since", "yesterday"], "2h"),
    (["runs", "--limit", "0"], "limit"),
    (["run"], "rota run: job is required\nrota run --help"),
    (["run", "t_ok", "--param", "=1"], "name=value"),
    (["logs", "first"], "rota logs: id: expected a whole number above 0, found first\n"),
    (["logs", "0"], "above 0"),
    (["job", ""], "rota job: name: expected a text"),
    (["run", ""], "rota run: job: expected a text"),
    (["backup", ""], "rota backup: file: expected a text"),
    (["cancel", "-1"], ""),
    (["pause"], "--all"),
    (["pause", "t_ok", "--all"], "one of"),
    (["jbos"], "did you mean jobs?"),
    (["import", "crontab"], "rota import crontab: file is required\nrota import crontab --help"),
    ([], "subcommand"),
])
def test_a_wrong_command_line_is_exit_status_2(arguments, text):
    result = rota(*arguments)
    assert result.returncode == 2, result.stderr
    assert text in result.stderr


def test_a_token_that_others_can_read_is_refused(token_file):
    token_file.chmod(0o644)
    result = rota("jobs", "--url", "http://127.0.0.1:1", "--token-file", str(token_file))
    assert result.returncode == 2 and "chmod" in result.stderr


def test_a_token_with_a_line_break_inside_is_refused(token_file):
    token_file.write_text("a.b.c\r\nX-Header: y\n")
    result = rota("jobs", "--url", "http://127.0.0.1:1", ROTA_TOKEN_FILE=str(token_file))
    assert result.returncode == 2 and "one token" in result.stderr
