"""What is built hardened shows it: position independent, closed before it runs, with checked stacks and calls."""

import os
import pathlib
import re
import subprocess

import pytest

BIN = pathlib.Path(os.environ["ROTA_BIN"])
PROGRAMS = ["rotad", "rota", "rota-worker"]
# Modules of an installed package need not be there; those of a build are.
MODULES = sorted(pathlib.Path(os.environ.get("ROTA_LIB", "/nowhere")).glob("jobs/*.so"))
FILES = [BIN / name for name in PROGRAMS] + MODULES


def elf(file, *options):
    return subprocess.run(["readelf", "--wide", *options, file], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_can_lie_at_any_address(name):
    assert re.search(r"Type:\s+DYN ", elf(BIN / name, "--file-header"))
    assert re.search(r"\(FLAGS_1\).*\bPIE\b", elf(BIN / name, "--dynamic"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_what_the_linker_resolves_is_closed_before_it_runs(file):
    assert "GNU_RELRO" in elf(file, "--program-headers")
    assert re.search(r"\(FLAGS\).*BIND_NOW|\(FLAGS_1\).*\bNOW\b", elf(file, "--dynamic"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_memory_can_be_written_and_run(file):
    segments = re.findall(r"^\s+(GNU_STACK|LOAD)\s.*?\s([RWE ]{3})\s+0x", elf(file, "--program-headers"), re.MULTILINE)
    assert {kind for kind, _ in segments} == {"GNU_STACK", "LOAD"}
    assert not [flags for _, flags in segments if "W" in flags and "E" in flags]
    assert "TEXTREL" not in elf(file, "--dynamic")


# Debian's static libraries bring checked calls into every program, so in a build our own objects are asked;
# of a package blhc has read every call of the compiler.
OWN = [BIN.parent / "supervisor" / name / f"librota_{name}.a" for name in ("executor", "http", "daemon")]


@pytest.mark.parametrize("file", OWN if OWN[0].exists() else [BIN / name for name in PROGRAMS], ids=lambda file: file.name)
def test_stacks_and_the_bounds_of_calls_are_checked(file):
    needed = elf(file, "--syms" if file.suffix == ".a" else "--dyn-syms")
    assert re.search(r"\bUND\s+__stack_chk_fail\b", needed)
    assert re.search(r"\bUND\s+__(?!stack)\w+_chk\b", needed), "no call that _FORTIFY_SOURCE checks"
