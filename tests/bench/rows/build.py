"""Build times of what is packaged: clean, and after touching one source of the supervisor; without ccache."""

import os
import shutil
import subprocess
import time

from harness.bench import OUT, ROOT
from harness.row import CannotRun, Contestant, Goal, Row

TOUCHED = ROOT / "supervisor" / "scheduler" / "scheduler.cc"


def row(bench):
    def build():
        if bench.quick:
            raise CannotRun("left out with --quick")
        directory = OUT / "build"
        shutil.rmtree(directory, ignore_errors=True)
        run("cmake", "-S", ROOT, "-B", directory, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=RelWithDebInfo", "-DBUILD_TESTING=OFF")
        clean = run("cmake", "--build", directory)
        os.utime(TOUCHED)
        touched = run("cmake", "--build", directory)
        shutil.rmtree(directory)
        return {"clean s": clean, "touched s": touched}

    return Row(
        "build",
        [Contestant("rota", build)],
        [
            Goal("clean, in s", "rota", "clean s", at_most=300),
            Goal("after touching a source of the supervisor, in s", "rota", "touched s", at_most=15),
        ],
        rounds=1,
    )


def run(*command):
    begin = time.perf_counter()
    done = subprocess.run(
        command, env={**os.environ, "CCACHE_DISABLE": "1"}, capture_output=True, text=True, check=False, timeout=1800
    )
    assert done.returncode == 0, done.stdout[-500:] + done.stderr[-500:]
    return time.perf_counter() - begin
