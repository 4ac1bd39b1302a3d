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


def test_every_key_of_the_configuration_is_described():
    text = shown(SOURCE / "packaging/man/rota.toml.5")
    readme = (SOURCE / "common/configuration/README.md").read_text().split("| file | reads |")[0]
    table = [line for line in readme.splitlines() if line.startswith("| `")]
    keys = set()
    for line in table:
        first, second = line.split("|")[1:3]
        keys |= set(re.findall(r"`([a-z_]+)`", second if "`[" in first else first))
    assert len(keys) > 40 and sorted(key for key in keys if not re.search(rf"\b{key}\b", text)) == []
