"""rota-worker from outside: the pipe protocol on real pipes, and runs by hand on a real terminal."""

import os
import pathlib
import pty
import signal
import subprocess

import pytest

from system.daemon_under_test import wait_until
from worker_under_test import FORKED, WORKER, Supervised, limits_of

MODULES = os.path.join(os.environ["ROTA_LIB"], "test-modules")
BEHAVIOURS = os.path.join(MODULES, "behaviours.so")
BAD = os.path.join(os.environ["ROTA_LIB"], "bad-modules")


def supervised(job, module=BEHAVIOURS, supervisor=None):
    return Supervised("--module", module, job, supervisor=supervisor)


def test_a_run_says_hello_logs_and_ends_with_its_result():
    with supervised("p_ok") as worker:
        worker.start(parameters={"lines_added": "5"})
        messages = worker.messages()
        assert [message["type"] for message in messages] == ["hello", "log", "result"]
        assert messages[0]["pid"] == worker.process.pid and messages[0]["version"] == 1
        assert (messages[2]["success"], messages[2]["lines_added"]) == (True, 5)
        assert worker.end() == 0


def test_an_exception_is_a_failure_with_its_type_and_text():
    with supervised("p_throws").start() as worker:
        result = worker.messages()[-1]
        assert (result["success"], result["error_type"], result["error"]) == (False, "std::runtime_error", "thrown on purpose")
        assert worker.end() == 1


def test_limits_of_a_job_of_a_module_are_set_before_it_runs():
    with supervised("p_sleeps").start(limits=limits_of(open_files=64)) as worker:
        assert [worker.next()["type"], worker.next()["type"]] == ["hello", "log"]
        with open(f"/proc/{worker.process.pid}/limits", encoding="ascii") as file:
            found = next(line.split()[3:5] for line in file if line.startswith("Max open files"))
        assert found == ["64", "64"]


@pytest.mark.parametrize("how", ["message", "signal"])
def test_a_stop_reaches_the_job_and_its_result_is_still_sent(how):
    with supervised("p_sleeps").start() as worker:
        assert [worker.next()["type"], worker.next()["type"]] == ["hello", "log"]
        if how == "message":
            worker.send(type="stop")
        else:
            worker.process.send_signal(signal.SIGTERM)
        result = worker.next()
        assert (result["type"], result["error"]) == ("result", "stopped")
        assert worker.end() == 0


def test_the_end_of_the_supervisor_is_the_end_of_the_run():
    with supervised("p_sleeps").start() as worker:
        worker.next()
        worker.next()
        worker.close_commands()
        assert worker.end() == -signal.SIGKILL


@pytest.mark.skipif(FORKED, reason="its fork server would not have been there")
def test_a_worker_whose_supervisor_is_already_gone_does_nothing():
    with supervised("p_ok", supervisor=1).start() as worker:
        assert [message["type"] for message in worker.messages()] == ["hello"]
        assert worker.end() == 1


def test_the_latest_progress_arrives():
    with supervised("p_progress").start() as worker:
        progress = [message for message in worker.messages() if message["type"] == "progress"]
        assert (progress[-1]["done"], progress[-1]["total"]) == (10, 10)


def test_what_the_job_prints_goes_to_the_log_pipe_and_the_rest_to_the_protocol():
    with supervised("p_echo").start(parameters={"who": "me"}, last_entry="[1]", attempt=3) as worker:
        texts = [message["message"] for message in worker.messages() if message["type"] == "log"]
        assert texts == ["who=me", "last_entry=[1]", "attempt=3"]
        assert worker.process.stdout.read() == b"printed by the job\n"


@pytest.mark.parametrize("line", [b"garbage\n", b'{"type":"stop"}\n', b'{"type":"start","version":99}\n', b"x" * 70000 + b"\n"])
def test_a_first_line_that_is_no_start_is_refused(line):
    with supervised("p_ok") as worker:
        worker.next()
        try:
            worker.send_bytes(line)
        except BrokenPipeError:
            pass
        assert worker.end() == 1
        assert b"start message" in worker.process.stdout.read()


@pytest.mark.parametrize("module", ["wrong_abi", "no_entry_point", "not_a_module"])
def test_a_bad_module_is_a_failure_that_names_it(module):
    with supervised("p_ok", os.path.join(BAD, module + ".so")).start() as worker:
        result = worker.messages()[-1]
        assert result["success"] is False and result["error_type"] == "module" and module in result["error"]


def test_a_start_without_a_command_needs_a_module():
    with Supervised("p_ok").start() as worker:
        result = worker.messages()[-1]
        assert (result["success"], result["error_type"]) == (False, "module") and "--module" in result["error"]


def by_hand(*arguments, **options):
    return subprocess.run([WORKER, *arguments], capture_output=True, text=True, timeout=60, **options)


@pytest.mark.parametrize("arguments, status, text", [
    (["p_ok", "--param", "lines_added=3"], 0, "3 added"),
    (["t_fails"], 1, "said so itself"),
    (["p_throws"], 1, "std::runtime_error"),
    (["t_sleeps", "--timeout", "200ms"], 124, "timed out after"),
    (["p_exits_as_if_well"], 1, "left no result"),
    (["p_okk"], 2, "did you mean p_ok"),
    (["p_ok", "--param", "nonsense"], 2, "name=value"),
    (["p_ok", "--timeout", "soon"], 2, "duration"),
    (["p_ok", "more"], 2, "one job"),
    (["p_ok", "--nonsense"], 2, "option"),
    ([], 2, "--list"),
    (["p_counts", "--last-entry", "41"], 0, "last entry: 42"),
])
def test_a_run_by_hand_tells_its_end_by_text_and_status(arguments, status, text):
    result = by_hand(*arguments, "--modules", MODULES)
    assert (result.returncode, text in result.stderr) == (status, True), result.stderr


def test_the_list_names_jobs_and_bad_modules():
    good = by_hand("--list", "--modules", MODULES)
    assert good.returncode == 0 and "t_ok" in good.stdout and "process" in good.stdout
    bad = by_hand("--list", "--modules", BAD)
    assert bad.returncode == 1 and "wrong_abi.so" in bad.stderr and "taken_name" in bad.stdout


def test_jobs_are_found_through_the_environment():
    assert by_hand("p_ok", env={**os.environ, "ROTA_MODULE_PATH": f"/nowhere:{MODULES}"}).returncode == 0


class OnTerminal:
    def __init__(self, *arguments):
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.execv(WORKER, [WORKER, *arguments, "--modules", MODULES])
        self.shown = ""

    def read_until(self, text):
        while text not in self.shown:
            self.shown += os.read(self.terminal, 4096).decode()

    def read_until_asleep(self):
        self.read_until("sleeping")
        # ThreadSanitizer keeps a signal back from a thread that is about to wait until something else wakes it.
        wait_until(self.is_asleep, "the job to sleep")

    def interrupt(self):
        os.write(self.terminal, b"\x03")

    def is_asleep(self):
        stat = pathlib.Path(f"/proc/{self.process}/stat").read_text()
        return stat.rpartition(")")[2].split()[0] == "S"

    def end(self):
        try:
            while chunk := os.read(self.terminal, 4096):
                self.shown += chunk.decode()
        except OSError:
            pass
        os.close(self.terminal)
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])


def test_a_terminal_shows_a_bar():
    terminal = OnTerminal("p_progress")
    assert terminal.end() == 0
    assert "100 % (10 of 10)" in terminal.shown
    # What is typed next must not stand beside a bar.
    last = terminal.shown.splitlines()[-1]
    assert last.startswith("succeeded") and terminal.shown.endswith("\n")


def test_ctrl_c_asks_the_job_to_stop():
    terminal = OnTerminal("p_sleeps")
    terminal.read_until_asleep()
    terminal.interrupt()
    assert terminal.end() == 0
    assert "stopped" in terminal.shown


def test_a_second_ctrl_c_ends_it():
    terminal = OnTerminal("p_sleeps", "--param", "ignore_stop=true")
    terminal.read_until_asleep()
    terminal.interrupt()
    terminal.read_until("once more")
    terminal.interrupt()
    assert terminal.end() == 130
