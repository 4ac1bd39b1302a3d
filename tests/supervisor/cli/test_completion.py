"""Completion in a real bash and a real zsh, with a `rota` that lists jobs and runs."""

import contextlib
import os
import pathlib
import pty
import select
import subprocess
import time

import pytest

COMPLETION = pathlib.Path(os.environ["ROTA_SOURCE"]) / "packaging/completion"
ROTA = pathlib.Path(os.environ["ROTA_BIN"]) / "rota"

# What the supervisor says of three jobs, one with a name that must not reach a shell, and of two runs.
LISTS_JOBS = """#!/bin/sh
case "$*" in
  jobs*) echo '{"jobs":[{"name":"scrape","schedule":null,"group":"disk"},{"name":"scan.disk","schedule":null,"group":"disk"},
    {"name":"$(touch RAN)","schedule":null,"group":null}]}' ;;
  runs*--state*running*) echo '{"runs":[{"id":41,"job_name":"scrape"}]}' ;;
  runs*) echo '{"runs":[{"id":41,"job_name":"scrape"},{"id":7,"job_name":"scan.disk"}]}' ;;
esac
"""


def complete(directory, *words, rota=LISTS_JOBS):
    """What bash offers for the last of `words`."""
    program = directory / "rota"
    program.write_text(rota)
    program.chmod(0o755)
    quoted = " ".join("'" + word + "'" for word in ("rota", *words))
    script = f"""
source {COMPLETION}/rota.bash
COMP_WORDS=({quoted})
COMP_CWORD={len(words)}
_rota
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    result = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True, cwd=directory, check=True,
                            env={**os.environ, "PATH": f"{directory}:/usr/bin:/bin"}, timeout=60)
    assert result.stderr == ""
    return result.stdout.split()


@pytest.mark.parametrize("words, expected", [
    (["r"], {"runs", "run", "resume", "reload"}),
    (["run", "s"], {"scrape", "scan.disk"}),
    (["pause", "scr"], {"scrape"}),
    (["runs", "--job", "sca"], {"scan.disk"}),
    (["runs", "--state", "c"], {"cancelled", "crashed"}),
    (["runs", "--s"], {"--socket", "--since", "--state"}),
    (["run", "scrape", "--w"], {"--wait"}),
    (["logs", "--f"], {"--follow"}),
    (["import", ""], {"crontab"}),
    (["pause", "--group", ""], {"disk"}),
    (["token", "--scope", "r"], {"run", "read"}),
    (["logs", ""], {"41", "7"}),
    (["cancel", ""], {"41"}),
    (["import", "crontab", "--user", "nobod"], {"nobody"}),
])
def test_bash_offers_what_fits(tmp_path, words, expected):
    assert set(complete(tmp_path, *words)) == expected


def test_the_name_of_a_job_is_never_run(tmp_path):
    assert set(complete(tmp_path, "run", "")) == {"scrape", "scan.disk"}
    assert not (tmp_path / "RAN").exists()


def test_without_a_supervisor_there_are_no_names_and_no_noise(tmp_path):
    assert complete(tmp_path, "run", "", rota="#!/bin/sh\necho no supervisor >&2\nexit 3\n") == []


def test_every_subcommand_is_offered_by_both_shells(tmp_path):
    shown = subprocess.run([ROTA, "--help"], capture_output=True, text=True, check=True).stdout
    commands = {line.split()[0] for line in shown.split("Subcommands:")[1].splitlines() if line.strip()}
    assert commands <= set(complete(tmp_path, ""))
    zsh = (COMPLETION / "_rota").read_text()
    assert [command for command in commands if f"'{command}:" not in zsh] == []


COMMANDS = ["status", "jobs", "job", "runs", "run", "cancel", "logs", "pause", "resume", "reload", "backup", "prune", "next",
            "check", "token", "forecast", "import crontab"]


def options_of(command):
    shown = subprocess.run([ROTA, *command.split(), "--help"], capture_output=True, text=True, check=True).stdout
    return {word.rstrip(",") for line in shown.splitlines() if line.startswith("  -")
            for word in line.replace(",", " ").split()[:2] if word.startswith("--")}


@pytest.mark.parametrize("command", COMMANDS)
def test_bash_offers_every_option(tmp_path, command):
    assert options_of(command) - set(complete(tmp_path, *command.split(), "--")) == set()


SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], f"source {COMPLETION}/rota.bash; bind 'set page-completions off'"),
    "zsh": (["zsh", "-f", "-i"], f"LISTMAX=1000; fpath=({COMPLETION} $fpath); autoload -Uz compinit; compinit -u -D"),
}


class Typist:
    """A person at a real shell that has the completion."""

    def __init__(self, shell, directory):
        program = directory / "rota"
        program.write_text(LISTS_JOBS)
        program.chmod(0o755)
        command, setup = SHELLS[shell]
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(directory)
            os.execvpe(command[0], command, {"PATH": f"{directory}:/usr/bin:/bin", "TERM": "dumb", "HOME": str(directory),
                                             "PS1": "> ", "LC_ALL": "C.UTF-8"})
        self.type(f"stty rows 500 cols 250; {setup}; echo REA''DY\n")
        self.sees({"READY"})

    def type(self, text):
        os.write(self.terminal, text.encode())

    def sees(self, wanted, seconds=60):
        """Reads until all that is wanted has been shown."""
        shown, end = "", time.monotonic() + seconds
        while not all(word in shown for word in wanted):
            assert time.monotonic() < end, f"{sorted(word for word in wanted if word not in shown)} is not in {shown}"
            if select.select([self.terminal], [], [], 1)[0]:
                shown += os.read(self.terminal, 65536).decode(errors="replace")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.terminal)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("text, shown", [
    ("rota stat\t", "rota status "),
    ("rota run scr\t", "rota run scrape "),
    ("rota runs --job sca\t", "rota runs --job scan.disk "),
    ("rota runs --state skip\t", "rota runs --state skipped "),
    ("rota pause --group d\t", "rota pause --group disk "),
    ("rota cancel 4\t", "rota cancel 41 "),
    ("rota token --scope adm\t", "rota token --scope admin "),
    ("rota check a\\ f\t", "rota check a\\ file.toml "),
    ("rota import cron\t", "rota import crontab "),
    ("rota import crontab --sys\t", "rota import crontab --system "),
])
def test_what_is_typed_is_completed(tmp_path, shell, text, shown):
    (tmp_path / "a file.toml").touch()
    with Typist(shell, tmp_path) as typist:
        typist.type(text)
        typist.sees({shown})


@pytest.mark.parametrize("command", COMMANDS)
def test_zsh_offers_every_option(tmp_path, command):
    with Typist("zsh", tmp_path) as typist:
        typist.type(f"rota {command} --\t")
        typist.sees(options_of(command))
