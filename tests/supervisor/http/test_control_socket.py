"""The control socket: its place, and who gets in."""

import grp
import json
import os
import pathlib
import pwd
import signal
import socket
import stat
import subprocess
import sys
import tempfile

import pytest

from supervisor.http.http_under_test import LocalConnection, Servers, ask, ask_local, assert_problem

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become another user")


def own_group():
    return grp.getgrgid(os.getegid()).gr_name


def some_group():
    """A group that is not this process's own, so that giving the socket to it can be seen."""
    return next(entry for entry in grp.getgrall() if entry.gr_gid != os.getegid())


def as_user(path, user, group, others=()):
    """The answer to a user with just these groups: status and problem; or the name of the error."""
    program = """
import json, os, sys
from supervisor.http.http_under_test import ask_local
path, user, group, others = json.loads(sys.argv[1])
os.setgroups(others); os.setgid(group); os.setuid(user)
try:
    answer = ask_local(path, "GET", "/scheduler/status")
    print(json.dumps([answer.status, answer.json()]))
except OSError as error:
    print(json.dumps([type(error).__name__, {}]))
"""
    arguments = json.dumps([str(path), user, group, list(others)])
    done = subprocess.run([sys.executable, "-c", program, arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def open_directory():
    """A directory that every user can pass through, as /run/rota is. Not pytest's own: each session of it that
    begins meanwhile closes what they share."""
    with tempfile.TemporaryDirectory(prefix="rota-socket-") as name:
        directory = pathlib.Path(name)
        directory.chmod(0o755)
        yield directory


def test_the_socket_is_there_while_the_server_runs_and_in_a_directory_of_its_own(tmp_path):
    path = tmp_path / "run" / "rota" / "rota.sock"
    previous = os.umask(0o077)
    try:
        servers = Servers(tmp_path, socket_path=path)
    finally:
        os.umask(previous)
    with servers:
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o755
        assert servers.ask("GET", "/healthz").json() == {"status": "ok"}
        assert servers.end() == 0
    assert not path.exists()


def test_without_the_group_only_its_owner_can_use_it(tmp_path):
    with Servers(tmp_path, group="no-such-group") as servers:
        found = servers.path.stat()
        assert stat.S_ISSOCK(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o600
        assert found.st_uid == os.geteuid()


@needs_root
def test_with_the_group_its_members_can_use_it_too(tmp_path):
    group = some_group()
    with Servers(tmp_path, group=group.gr_name) as servers:
        found = servers.path.stat()
        assert stat.S_IMODE(found.st_mode) == 0o660
        assert (found.st_uid, found.st_gid) == (os.geteuid(), group.gr_gid)


def test_the_socket_of_a_server_that_died_is_taken_over(tmp_path):
    with Servers(tmp_path) as dead:
        dead.end(signal.SIGKILL)
    assert dead.path.is_socket()
    with Servers(tmp_path) as servers:
        assert servers.ask("GET", "/healthz").status == 200


def test_the_socket_of_a_server_that_answers_is_left_to_it(tmp_path):
    with Servers(tmp_path) as first:
        second = Servers(tmp_path)
        assert second.process.returncode == 1
        assert str(first.path) in second.failure and "another rotad is running" in second.failure
        assert first.ask("GET", "/healthz").status == 200


def test_a_socket_on_which_another_program_answers_is_left_to_it(tmp_path):
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(tmp_path / "rota.sock"))
        other.listen()
        servers = Servers(tmp_path)
        assert "another rotad is running" in servers.failure
        assert (tmp_path / "rota.sock").is_socket()


def test_what_is_no_socket_is_left_alone(tmp_path):
    path = tmp_path / "rota.sock"
    path.write_text("precious")
    servers = Servers(tmp_path)
    assert servers.process.returncode == 1
    assert str(path) in servers.failure and "something else than a socket" in servers.failure
    assert path.read_text() == "precious"


def test_a_link_to_nowhere_is_left_alone(tmp_path):
    (tmp_path / "rota.sock").symlink_to(tmp_path / "elsewhere")
    assert "something else than a socket" in Servers(tmp_path).failure
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("path, text", [("/tmp/" + "x" * 120, "too long"), ("rota.sock", "absolute")])
def test_a_path_that_cannot_be_is_said(tmp_path, path, text):
    assert text in Servers(tmp_path, socket_path=path).failure


def test_the_own_user_has_all_scopes_and_its_name_is_recorded(tmp_path):
    name = pwd.getpwuid(os.geteuid()).pw_name
    with Servers(tmp_path) as servers:
        run = servers.ask("POST", "/scheduler/run/import").json()["run_id"]
        assert servers.ask("GET", f"/scheduler/runs/{run}").json()["requested_by"] == "local:" + name
        servers.ask("POST", "/scheduler/pause", {"all": True})
        assert servers.ask("GET", "/scheduler/status").json()["pauses"][0]["paused_by"] == "local:" + name
        servers.end()
        assert f"POST /scheduler/pause from local:{name}: 200" in servers.log


def test_no_token_host_or_origin_is_looked_at_there(tmp_path):
    with Servers(tmp_path, with_tokens=True) as servers:
        headers = {"Authorization": "Bearer nonsense", "Host": "evil.example.org", "Origin": "https://evil.example.org"}
        assert servers.ask("GET", "/scheduler/status", headers=headers).status == 200


def test_several_requests_share_a_connection(tmp_path):
    with Servers(tmp_path) as servers:
        connection = LocalConnection(servers.path)
        assert [ask(connection, "GET", path).status for path in ("/healthz", "/nothing", "/scheduler/jobs")] == [200, 404, 200]
        connection.close()


@needs_root
def test_another_user_cannot_connect(open_directory):
    with Servers(open_directory, group=own_group()) as servers:
        nobody = pwd.getpwnam("nobody")
        assert as_user(servers.path, nobody.pw_uid, nobody.pw_gid)[0] == "PermissionError"


@needs_root
def test_another_user_who_can_connect_is_told_which_group_is_missing(open_directory):
    group = own_group()
    with Servers(open_directory, group=group) as servers:
        servers.path.chmod(0o666)
        nobody = pwd.getpwnam("nobody")
        status, problem = as_user(servers.path, nobody.pw_uid, nobody.pw_gid)
        assert status == 403 and problem["status"] == 403
        assert "nobody" in problem["detail"] and f"the group {group}" in problem["detail"]


@needs_root
def test_a_process_that_has_the_group_of_a_user_who_is_out_of_it_is_refused(open_directory):
    group = some_group()
    with Servers(open_directory, group=group.gr_name) as servers:
        nobody = pwd.getpwnam("nobody")
        assert as_user(servers.path, nobody.pw_uid, nobody.pw_gid, [group.gr_gid])[0] == 403


@needs_root
def test_whoever_has_the_group_as_the_effective_one_gets_in(open_directory):
    group = some_group()
    with Servers(open_directory, group=group.gr_name) as servers:
        assert as_user(servers.path, pwd.getpwnam("nobody").pw_uid, group.gr_gid)[0] == 200


@needs_root
def test_a_user_without_a_name_is_known_by_its_number(open_directory):
    group = some_group()
    number = next(uid for uid in range(54321, 60000) if uid not in {entry.pw_uid for entry in pwd.getpwall()})
    with Servers(open_directory, group=group.gr_name) as servers:
        servers.path.chmod(0o666)
        assert as_user(servers.path, number, group.gr_gid)[0] == 200
        status, problem = as_user(servers.path, number, number)
        assert status == 403 and str(number) in problem["detail"]


@needs_root
def test_a_member_of_the_group_gets_in(open_directory):
    accounts = {entry.pw_name: entry for entry in pwd.getpwall()}
    found = [(entry, accounts[name]) for entry in grp.getgrall() for name in entry.gr_mem if name in accounts]
    members = [(group, user) for group, user in found if user.pw_gid != group.gr_gid and user.pw_uid != 0]
    if not members:
        pytest.skip("no group of this machine has a member")
    group, user = members[0]
    with Servers(open_directory, group=group.gr_name) as servers:
        assert as_user(servers.path, user.pw_uid, user.pw_gid, [group.gr_gid])[0] == 200


@needs_root
def test_a_refused_user_learns_nothing_of_what_is_there(open_directory):
    with Servers(open_directory, group=own_group()) as servers:
        servers.path.chmod(0o666)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                os.setgroups([])
                os.setgid(pwd.getpwnam("nobody").pw_gid)
                os.setuid(pwd.getpwnam("nobody").pw_uid)
                for path in ("/healthz", "/nothing", "/scheduler/jobs"):
                    assert_problem(ask_local(servers.path, "GET", path), 403)
                status = 0
            finally:
                os._exit(status)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
