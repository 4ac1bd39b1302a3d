"""Completion in a real bash and the syntax of the one for zsh, with a `rota` that lists jobs."""

import os
import pathlib
import subprocess

import pytest

COMPLETION = pathlib.Path(os.environ["ROTA_SOURCE"]) / "packaging/completion"
ROTA = pathlib.Path(os.environ["ROTA_BIN"]) / "rota"

# What the supervisor says of three jobs, one with a name that must not reach a shell.
LISTS_JOBS = """#!/bin/sh
echo '{"jobs":[{"name":"scrape","schedule":null},{"name":"scan.disk","schedule":null},{"name":"$(touch RAN)","schedule":null}]}'
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


@pytest.mark.parametrize("command", ["status", "jobs", "job", "runs", "run", "cancel", "logs", "pause", "resume", "reload",
                                     "backup", "prune", "next"])
def test_every_option_is_offered_by_both_shells(tmp_path, command):
    shown = subprocess.run([ROTA, command, "--help"], capture_output=True, text=True, check=True).stdout
    options = {word.rstrip(",") for line in shown.splitlines() if line.startswith("  -")
               for word in line.replace(",", " ").split()[:2] if word.startswith("--")}
    assert options - set(complete(tmp_path, command, "--")) == set()
    zsh = (COMPLETION / "_rota").read_text()
    assert [option for option in options if option not in zsh] == []


def test_zsh_takes_its_completion():
    subprocess.run(["zsh", "-n", COMPLETION / "_rota"], check=True, timeout=60)
