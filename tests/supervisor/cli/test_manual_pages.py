"""The manual pages: well formed, and complete where that can be told."""

import os
import pathlib
import re
import subprocess

import pytest

SOURCE = pathlib.Path(os.environ["ROTA_SOURCE"])
BIN = pathlib.Path(os.environ["ROTA_BIN"])
PAGES = sorted((SOURCE / "packaging/man").iterdir())


def shown(page):
    text = subprocess.run(["mandoc", "-T", "utf8", page], capture_output=True, text=True, check=True, timeout=60).stdout
    return re.sub(".\b", "", text)  # bold and underlined by overstriking


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_has_no_fault(page):
    result = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page], capture_output=True, text=True, timeout=60)
    assert result.stdout + result.stderr == "" and result.returncode == 0


def test_every_command_of_rota_is_described():
    text = shown(SOURCE / "packaging/man/rota.1")
    printed = subprocess.run([BIN / "rota", "--help"], capture_output=True, text=True, check=True).stdout
    commands = [line.split()[0] for line in printed.split("Subcommands:")[1].splitlines() if line.strip()]
    assert commands and [command for command in commands if f"rota {command}" not in text
                         and not re.search(rf"rota \S+ \| {command}\b", text)] == []


def explained(page):
    """What a page says beside its synopsis."""
    return re.sub(r"\s+", " ", shown(SOURCE / "packaging/man" / page).split("DESCRIPTION", 1)[1])


def options_of(*command):
    printed = subprocess.run([BIN / command[0], *command[1:], "--help"], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", printed))


def subcommands(*command):
    printed = subprocess.run([BIN / "rota", *command, "--help"], capture_output=True, text=True, check=True).stdout
    return [line.split()[0] for line in printed.partition("Subcommands:")[2].splitlines() if line.strip()]


def test_every_option_of_rota_is_explained():
    text = explained("rota.1")
    for command in subcommands():
        for words in [(command, below) for below in subcommands(command)] or [(command,)]:
            assert sorted(option for option in options_of("rota", *words) if option not in text) == [], words


@pytest.mark.parametrize("program, page", [("rotad", "rotad.8"), ("rota-worker", "rota-worker.1")])
def test_every_option_of_the_other_programs_is_explained(program, page):
    text = explained(page)
    assert sorted(option for option in options_of(program) if option not in text) == []


def test_every_variable_that_stands_in_for_an_option_is_described():
    for words, page in [(("rotad",), "rotad.8"), (("rota", "check"), "rota.1"), (("rota", "status"), "rota.1")]:
        printed = subprocess.run([BIN / words[0], *words[1:], "--help"], capture_output=True, text=True, check=True).stdout
        variables = set(re.findall(r"ROTA_[A-Z_]+", printed))
        assert variables and variables <= set(re.findall(r"ROTA_[A-Z_]+", explained(page)))


def test_every_variable_that_a_command_is_given_is_described():
    given = set(re.findall(r'"(ROTA_[A-Z_]+)"', (SOURCE / "worker/command_environment.cc").read_text())) - {"ROTA_RUN_TOKEN"}
    text = explained("rota.toml.5")
    assert len(given) > 7 and sorted(name for name in given if name not in text) == []


def test_every_key_of_the_configuration_is_described():
    text = shown(SOURCE / "packaging/man/rota.toml.5")
    readme = (SOURCE / "common/configuration/README.md").read_text().split("| file | reads |")[0]
    table = [line for line in readme.splitlines() if line.startswith("| `")]
    keys = set()
    for line in table:
        first, second = line.split("|")[1:3]
        keys |= set(re.findall(r"`([a-z_]+)`", second if "`[" in first else first))
    assert len(keys) > 40 and sorted(key for key in keys if not re.search(rf"\b{key}\b", text)) == []
