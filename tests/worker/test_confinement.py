"""A worker that becomes a command which is kept from more than its user is kept from."""

import os
import subprocess

import pytest

from worker_under_test import Ended, Supervised, command, shell


def can_unshare(*options):
    return subprocess.run(["unshare", *options, "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0


NEEDS_NAMESPACES = pytest.mark.skipif(not can_unshare("--net", "--mount"),
                                      reason="only who has CAP_SYS_ADMIN may make namespaces")


def confined(wanted, **values):
    return {**wanted, "confinement": {"no_new_privileges": False, "private_network": False, "read_only_paths": [], **values}}


def test_no_new_privileges_are_given_up_only_where_it_is_asked_for():
    shown = command("grep", "NoNewPrivs", "/proc/self/status")
    assert Ended(confined(shown, no_new_privileges=True)).output.split() == ["NoNewPrivs:", "1"]
    assert Ended(confined(shown)).output.split() == Ended(shown).output.split() == ["NoNewPrivs:", "0"]


@NEEDS_NAMESPACES
def test_a_private_network_has_a_loopback_interface_and_no_other():
    ended = Ended(confined(shell("tail -n +3 /proc/self/net/dev | cut -d: -f1; id -un",
                                 user="nobody"), private_network=True))
    assert set(ended.output.split()) == {"lo", "nobody"}
    reach = ("import socket; server = socket.create_server(('127.0.0.1', 0)); "
             "socket.create_connection(server.getsockname()); print('reached')")
    assert Ended(confined(command("/usr/bin/python3", "-c", reach), private_network=True)).output == "reached\n"


@NEEDS_NAMESPACES
def test_read_only_paths_cannot_be_changed_with_all_below_them_and_others_can(tmp_path):
    for name in ["kept", "free"]:
        (tmp_path / name / "below").mkdir(parents=True)
        (tmp_path / name / "below" / "file").write_text("old")
    tries = f"for at in kept free; do echo new > {tmp_path}/$at/below/file; touch {tmp_path}/$at/born; done; true"
    ended = Ended(confined(shell(tries), read_only_paths=[str(tmp_path / "kept")]))
    assert ended.output.count("Read-only file system") == 2
    assert (tmp_path / "kept/below/file").read_text() == "old" and not (tmp_path / "kept/born").exists()
    assert (tmp_path / "free/below/file").read_text() == "new\n" and (tmp_path / "free/born").exists()
    (tmp_path / "kept/born").touch()  # only the command finds it read-only


@NEEDS_NAMESPACES
def test_the_whole_tree_can_be_read_only_with_what_is_mounted_in_it(tmp_path):
    subprocess.run(["mount", "-t", "tmpfs", "none", tmp_path], check=True)
    try:
        ended = Ended(confined(shell(f"touch {tmp_path}/born /born; echo x > /dev/null && echo still"), read_only_paths=["/"]))
    finally:
        subprocess.run(["umount", tmp_path], check=True)
    assert ended.output.count("Read-only file system") == 2
    assert ended.output.endswith("still\n")


@NEEDS_NAMESPACES
def test_a_path_that_cannot_be_made_read_only_prevents_the_start_and_is_named():
    ended = Ended(confined(command("true"), read_only_paths=["/etc", "/no/such"]))
    assert (ended.status, ended.messages[0]["error_type"]) == (127, "start")
    assert "read_only_paths" in ended.messages[0]["error"] and "/no/such" in ended.messages[0]["error"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has capabilities to give up")
@pytest.mark.parametrize("asked, named", [({"private_network": True}, "private_network"),
                                          ({"read_only_paths": ["/etc"]}, "/etc")])
def test_a_supervisor_without_the_capability_says_which_it_needs(asked, named):
    without = ["setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin"]
    with Supervised("x", before=without) as worker:
        worker.start(command=confined(command("true"), **asked))
        worker.next()
        error = worker.messages()[0]["error"]
    assert named in error and "CAP_SYS_ADMIN" in error
