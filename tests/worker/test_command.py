"""A worker that becomes a command, from outside: what the command finds, and what prevents its start."""

import os
import pwd
import resource
import select
import signal
import subprocess

import pytest

from worker_under_test import Ended, Supervised, command, shell

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user or raise limits")


def environment_of(wanted, environment=None, **start):
    ended = Ended({**wanted, "arguments": ["env", "-0"]}, environment, **start)
    assert ended.status == 0, ended.messages
    return dict(entry.split("=", 1) for entry in ended.output.rstrip("\0").split("\0"))


def test_a_command_gets_its_arguments_untouched_and_no_shell_reads_them():
    ended = Ended(command("printf", "%s|", "a b", "$HOME", "*", "", "'; echo \"x"))
    assert (ended.status, ended.output, ended.messages) == (0, "a b|$HOME|*||'; echo \"x|", [])


def test_the_environment_is_exactly_what_is_promised():
    user = pwd.getpwuid(os.getuid())
    given = {"PATH": "/nowhere", "LANG": "C.UTF-8", "LC_ALL": "C", "TZ": "UTC", "SECRET": "x", "ROTA_RUN_TOKEN": "mark"}
    found = environment_of(command(environment={"NAME": "value=1", "ROTA_ATTEMPT": "own"}), given, run_id=12, job="back_up",
                           attempt=3, trigger="retry", scheduled_for_ms=1_700_000_000_000, deadline_ms=1_700_000_900_000,
                           parameters={"max-lines": "7", "ünd": "8"}, last_entry='{"at":3}')
    assert found == {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8",
        "HOME": user.pw_dir, "USER": user.pw_name, "LOGNAME": user.pw_name, "SHELL": user.pw_shell, "NAME": "value=1",
        "ROTA_RUN_ID": "12", "ROTA_RUN_TOKEN": "mark", "ROTA_JOB": "back_up", "ROTA_ATTEMPT": "own", "ROTA_TRIGGER": "retry",
        "ROTA_SCHEDULED_FOR": "2023-11-14T22:13:20.000Z", "ROTA_DEADLINE": "2023-11-14T22:28:20.000Z", "ROTA_EVENTS_FD": "4",
        "ROTA_LAST_ENTRY": '{"at":3}', "ROTA_PARAM_MAX_LINES": "7", "ROTA_PARAM___ND": "8"}


def test_what_a_manual_run_has_not_is_not_in_the_environment():
    found = environment_of(command(), {"ROTA_RUN_TOKEN": "mark"})
    assert "ROTA_SCHEDULED_FOR" not in found and "LANG" not in found and found["ROTA_LAST_ENTRY"] == ""


def test_explicit_environment_wins_but_not_over_the_marks_of_the_run():
    marks = {"ROTA_RUN_ID": "1", "ROTA_RUN_TOKEN": "false", "ROTA_EVENTS_FD": "9"}
    found = environment_of(command(environment={**marks, "HOME": "/srv", "PATH": "/bin"}), {"ROTA_RUN_TOKEN": "mark"}, run_id=12)
    assert (found["ROTA_RUN_ID"], found["ROTA_RUN_TOKEN"], found["ROTA_EVENTS_FD"]) == ("12", "mark", "4")
    assert (found["HOME"], found["PATH"]) == ("/srv", "/bin")


def test_a_program_is_sought_in_the_path_of_the_command(tmp_path):
    program = tmp_path / "only-here"
    program.write_text("#!/bin/sh\necho found\n")
    program.chmod(0o755)
    assert Ended(command("only-here", environment={"PATH": str(tmp_path)})).output == "found\n"
    assert Ended(command("./only-here", directory=str(tmp_path))).output == "found\n"


def test_directory_umask_niceness_and_io_class_are_set(tmp_path):
    ended = Ended(shell("pwd; umask; nice; ionice -p $$", directory=str(tmp_path), umask=0o027, nice=os.nice(0) + 5, io_class="idle"))
    assert ended.output.split("\n")[:4] == [str(tmp_path), "0027", str(os.nice(0) + 5), "idle"]
    assert Ended(shell("ionice -p $$", io_class="best-effort")).output.startswith("best-effort")


def limits_of(output):
    """Of /proc/self/limits: name to soft and hard limit."""
    return {line[:26].strip(): tuple(line[26:68].split()) for line in output.splitlines()[1:]}


def test_limits_are_set_and_no_core_is_written():
    found = limits_of(Ended(command("cat", "/proc/self/limits", limits={
        "memory_bytes": 1 << 30, "cpu_time_s": 60, "open_files": 64, "processes": 500, "file_size_bytes": 4096})).output)
    assert found["Max address space"] == ("1073741824", "1073741824")
    assert found["Max cpu time"] == ("60", "61")
    assert found["Max open files"] == ("64", "64")
    assert found["Max processes"] == ("500", "500")
    assert found["Max file size"] == ("4096", "4096")
    assert found["Max core file size"] == ("0", "0")
    assert Ended(shell("ulimit -n", limits={"open_files": 32})).output == "32\n"


def test_the_limit_of_cpu_time_ends_a_command_by_its_own_signal():
    assert Ended(shell("while :; do :; done", limits={"cpu_time_s": 1})).status == -signal.SIGXCPU


@AS_ROOT
def test_root_gives_another_user_a_better_niceness():
    assert Ended(shell("nice; id -un", user="nobody", nice=-5)).output == "-5\nnobody\n"


def may_raise_limits():
    with open("/proc/self/status", encoding="ascii") as status:
        effective = next(int(line.split()[1], 16) for line in status if line.startswith("CapEff:"))
    return bool(effective & 1 << 24)


@pytest.mark.skipif(not may_raise_limits(), reason="only who has CAP_SYS_RESOURCE may raise hard limits")
def test_hard_limits_are_raised_for_another_user():
    wanted = resource.getrlimit(resource.RLIMIT_NOFILE)[1] + 1
    assert Ended(shell("ulimit -Hn", user="nobody", limits={"open_files": wanted})).output == f"{wanted}\n"


@AS_ROOT
def test_limits_that_the_worker_could_not_work_under_meet_only_the_command():
    ended = Ended(shell("read line; echo $line; ulimit -n", user="nobody", standard_input="x" * 5000 + "\n",
                        limits={"open_files": 5, "file_size_bytes": 0}))
    assert ended.output == "x" * 5000 + "\n5\n"


@AS_ROOT
@pytest.mark.skipif(bool(os.environ.get("ROTA_SANITIZE")), reason="a sanitizer needs memory and descriptors of its own")
@pytest.mark.parametrize("limit", ["memory_bytes", "open_files"])
def test_a_failure_behind_the_tightest_limits_is_still_told(limit):
    ended = Ended(command("true", directory="/no/such", user="nobody", limits={limit: 1}))
    assert "/no/such" in ended.messages[0]["error"]


@AS_ROOT
def test_a_command_becomes_its_user_with_the_groups_of_that_user():
    assert Ended(command("id", user="nobody")).output == "uid=65534(nobody) gid=65534(nogroup) groups=65534(nogroup)\n"
    assert Ended(command("id", user="65534")).output == "uid=65534(nobody) gid=65534(nogroup) groups=65534(nogroup)\n"
    found = environment_of(command(user="nobody"))
    user = pwd.getpwnam("nobody")
    assert (found["HOME"], found["USER"], found["LOGNAME"], found["SHELL"]) == (user.pw_dir, "nobody", "nobody", user.pw_shell)


@AS_ROOT
def test_no_group_of_the_supervisor_is_left():
    before = os.getgroups()
    os.setgroups([0, 12345])
    try:
        assert Ended(command("id", "-G")).output == "0 12345\n"
        assert Ended(command("id", "-G", user="nobody")).output == "65534\n"
        assert Ended(command("id", "-G", user="nobody", group="daemon")).output == "1\n"
    finally:
        os.setgroups(before)


@AS_ROOT
def test_a_named_group_is_the_only_one():
    assert Ended(command("id", user="nobody", group="daemon")).output == "uid=65534(nobody) gid=1(daemon) groups=1(daemon)\n"
    assert Ended(command("id", group="daemon")).output == "uid=0(root) gid=1(daemon) groups=1(daemon)\n"
    assert Ended(command("id", user="54321", group="12345")).output == "uid=54321 gid=12345 groups=12345\n"


@AS_ROOT
def test_there_is_no_way_back_to_root():
    assert Ended(shell("grep -E '^(Uid|Gid|CapPrm|CapEff)' /proc/self/status", user="nobody")).output.split() == [
        "Uid:", *["65534"] * 4, "Gid:", *["65534"] * 4, "CapPrm:", "0" * 16, "CapEff:", "0" * 16]


@AS_ROOT
def test_the_directory_is_entered_as_the_user(tmp_path):
    tmp_path.chmod(0o700)
    ended = Ended(command("true", user="nobody", directory=str(tmp_path)))
    assert ended.status == 127
    assert str(tmp_path) in ended.messages[0]["error"] and "nobody" in ended.messages[0]["error"]


def test_standard_input_is_the_text_and_cannot_be_changed():
    ended = Ended(shell("(printf X 1<>/dev/stdin) 2>&- || echo sealed; (printf X >>/dev/stdin) 2>&- || echo sealed; cat",
                        standard_input="first\nżółw"))
    assert ended.output == "sealed\nsealed\nfirst\nżółw"
    assert Ended(shell("cat; stat -L -c %t:%T /proc/self/fd/0")).output == "1:3\n"


def test_only_the_pipes_are_open_and_events_can_be_written():
    ended = Ended(shell('ls /proc/$$/fd; echo \'{"type":"result","lines_added":5}\' >&$ROTA_EVENTS_FD'))
    assert ended.output.split() == ["0", "1", "2", "4"]
    assert ended.messages == [{"type": "result", "lines_added": 5}]


@AS_ROOT
def test_another_user_can_open_its_descriptors_by_name():
    ended = Ended(shell("echo out > /dev/stdout; echo err > /dev/stderr; cat /dev/stdin; echo '{}' > /dev/fd/4",
                        user="nobody", standard_input="in\n"))
    assert (ended.status, ended.output, ended.messages) == (0, "out\nerr\nin\n", [{}])


def test_signals_are_at_their_defaults_and_the_session_is_its_own():
    ended = Ended(shell("sed -n '/^Sig[BIC]/p' /proc/self/status; ps -o sid=,pgid= -p $$ | tr -s ' '; echo $$"))
    words = ended.output.split()
    assert words[:6] == ["SigBlk:", "0" * 16, "SigIgn:", "0" * 16, "SigCgt:", "0" * 16]
    assert words[6] == words[7] == words[8]


@pytest.mark.parametrize("values, status, text", [
    (dict(arguments=["no-such-program"]), 127, 'no program "no-such-program" in PATH (/usr/local/sbin:'),
    (dict(arguments=["/no/such/program"]), 127, "/no/such/program: No such file or directory"),
    (dict(arguments=["/etc/passwd"]), 126, "/etc/passwd: Permission denied"),
    (dict(arguments=["/etc"]), 126, "/etc: Permission denied"),
    (dict(arguments=[""]), 127, "names no program"),
    (dict(arguments=["true", "a\0b"]), 127, "zero byte"),
    (dict(user="no-such-user"), 127, 'no user "no-such-user"'),
    (dict(user="4294967295"), 127, 'no user "4294967295"'),
    (dict(user="54321"), 127, "user_group"),
    (dict(group="no-such-group"), 127, 'no group "no-such-group"'),
    (dict(directory="/no/such/directory"), 127, "/no/such/directory"),
    (dict(environment={"A": "b\0c"}), 127, "variable A holds a zero byte"),
    (dict(environment={"A=B": "c"}), 127, '"A=B"'),
    (dict(limits={"open_files": 1 << 40}), 127, "limits.open_files to 1099511627776"),
])
def test_what_prevents_the_start_is_named_in_a_result(values, status, text):
    ended = Ended(command(*values.pop("arguments", ["true"]), **values))
    assert ended.status == status
    assert [(message["type"], message["success"], message["error_type"]) for message in ended.messages] == [("result", False, "start")]
    assert text in ended.messages[0]["error"]


@AS_ROOT
def test_a_user_with_too_many_processes_is_told_so():
    other = subprocess.Popen(["sleep", "1000"], user="nobody")
    try:
        ended = Ended(command("true", user="nobody", limits={"processes": 0}))
    finally:
        other.kill()
        other.wait()
    assert ended.status == 127 and "limits.processes" in ended.messages[0]["error"]


def test_a_script_whose_interpreter_is_missing_is_told_so(tmp_path):
    script = tmp_path / "script"
    script.write_text("#!/no/such/interpreter\n")
    script.chmod(0o755)
    ended = Ended(command(str(script)))
    assert ended.status == 127 and "interpreter" in ended.messages[0]["error"]


def test_a_stop_before_the_start_ends_the_worker():
    with Supervised("x") as worker:
        assert worker.next()["type"] == "hello"
        worker.process.send_signal(signal.SIGTERM)
        assert worker.end() == -signal.SIGTERM


def command_of_a_dying_supervisor(user):
    """The id of a command whose supervisor has been killed."""
    reading, writing = os.pipe()
    supervisor = os.fork()
    if supervisor == 0:
        try:
            worker = Supervised("x").start(command=shell("echo ready; exec sleep 1000", user=user))
            worker.process.stdout.readline()
            os.write(writing, str(worker.process.pid).encode())
            signal.pause()
        finally:
            os._exit(1)
    os.close(writing)
    pid = int(os.read(reading, 100))
    os.close(reading)
    descriptor = os.pidfd_open(pid)
    os.kill(supervisor, signal.SIGKILL)
    os.waitpid(supervisor, 0)
    return descriptor


@pytest.mark.parametrize("user", ["", pytest.param("nobody", marks=AS_ROOT)])
def test_a_command_dies_with_its_supervisor_also_as_another_user(user):
    descriptor = command_of_a_dying_supervisor(user)
    ended, _, _ = select.select([descriptor], [], [], 60)
    if not ended:
        signal.pidfd_send_signal(descriptor, signal.SIGKILL)
    os.close(descriptor)
    assert ended
