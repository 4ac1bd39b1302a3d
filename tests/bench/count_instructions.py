"""How many instructions one turn of each hot path takes, by callgrind: the same on every machine, unlike any time."""

import os
import pathlib
import re
import subprocess

RECORDED = pathlib.Path(__file__).parent / "instructions.json"
FEW, MANY = 100, 600  # the difference leaves out what starting the program takes


def hot_paths():
    return pathlib.Path(os.environ["ROTA_BIN"]) / "hot_paths"


def names():
    return subprocess.run([hot_paths()], capture_output=True, text=True, check=True).stdout.split()


def instructions_of_a_turn(name):
    return (instructions(name, MANY) - instructions(name, FEW)) // (MANY - FEW)


def instructions(name, times):
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", hot_paths(), name, str(times)],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"]},  # the loader and the program look at nothing else then
    )
    return int(re.search(r"Collected\s*:\s*(\d+)", done.stderr).group(1))
