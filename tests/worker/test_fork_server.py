"""The fork server from outside; what its workers do is in the tests of the worker, which are run with forked ones too."""

import errno
import os
import signal
import socket

import pytest

from system.daemon_under_test import wait_until
from worker_under_test import ForkServer

ENVIRONMENT = {"ROTA_SUPERVISOR_PID": str(os.getpid())}


def ask(server):
    """Asks for a worker whose commands have ended before it began, so that it leaves."""
    with open(os.devnull, "r+b") as nothing:
        return server.ask("job", "/no/such/module.so", *[nothing.fileno()] * 3)


def descriptors_below_200(pid):
    """Above may be what the test has inherited."""
    return sorted(number for number in map(int, os.listdir(f"/proc/{pid}/fd")) if number < 200)


def test_a_worker_is_this_process_s_child_and_in_a_session_of_its_own():
    server = ForkServer((), ENVIRONMENT)
    reading, writing = os.pipe()
    with open(os.devnull, "r+b") as nothing:
        worker = server.ask("job", "/no/such/module.so", nothing.fileno(), reading, nothing.fileno())
    assert os.getsid(worker) == os.getpgid(worker) == worker
    os.close(writing)
    os.close(reading)
    assert os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) == 1
    assert server.end() == 0


def test_workers_come_one_after_the_other():
    server = ForkServer((), ENVIRONMENT)
    workers = [ask(server) for _ in range(20)]
    assert len(set(workers)) == 20
    for worker in workers:
        os.waitpid(worker, 0)
    with open(f"/proc/{server.process.pid}/task/{server.process.pid}/children", encoding="ascii") as children:
        assert children.read() == ""
    wait_until(lambda: descriptors_below_200(server.process.pid) == [0, 1, 2, 3, 4], "the end of what was passed on")
    assert server.end() == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.skipif(bool(os.environ.get("ROTA_SANITIZE")), reason="a sanitizer needs threads of its own")
def test_a_fork_that_the_system_refuses_is_told_with_its_reason():
    # Of a user who has no other process.
    server = ForkServer(["prlimit", "--nproc=1", "setpriv", "--reuid=54321", "--clear-groups"], ENVIRONMENT)
    assert ask(server) == -errno.EAGAIN
    assert server.end() == 0


def test_what_is_no_request_ends_it():
    for text, descriptors in [(b"7\0job\0module", 2), (b"nothing", 3)]:
        server = ForkServer((), ENVIRONMENT)
        with open(os.devnull, "r+b") as nothing:
            socket.send_fds(server.socket, [text], [nothing.fileno()] * descriptors)
        assert server.process.wait(timeout=60) == 0
        server.end()


def test_it_has_nothing_to_do_for_another_s_supervisor():
    server = ForkServer((), {"ROTA_SUPERVISOR_PID": "1"})
    assert server.end() == 1


def test_it_ends_with_its_supervisor_though_it_is_not_reading():
    reading, writing = os.pipe()
    supervisor = os.fork()
    if supervisor == 0:
        server = ForkServer((), {"ROTA_SUPERVISOR_PID": str(os.getpid())})
        os.waitpid(ask(server), 0)
        os.kill(server.process.pid, signal.SIGSTOP)
        os.write(writing, str(server.process.pid).encode())
        signal.pause()
        os._exit(1)
    server = os.pidfd_open(int(os.read(reading, 100)))
    os.kill(supervisor, signal.SIGKILL)
    os.waitpid(supervisor, 0)
    # This process is the subreaper that is given it.
    assert os.waitid(os.P_PIDFD, server, os.WEXITED).si_status == signal.SIGKILL
    for descriptor in (reading, writing, server):
        os.close(descriptor)
