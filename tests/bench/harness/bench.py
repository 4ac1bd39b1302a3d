"""What every row is given: the build, a folder on the disk, and programs that end by themselves."""

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

from harness.row import CannotRun

ROOT = pathlib.Path(__file__).resolve().parents[3]
OUT = ROOT / ".build" / "bench"
PEERS = ROOT / "tests" / "bench" / "peers"
PYTHON = "/usr/bin/python3"
LONGEST_PROGRAM = 600  # seconds


class Bench:
    def __init__(self, build, quick):
        self.bin = build / "bin"
        self.lib = build / "lib"
        self.quick = quick
        self.module = self.lib / "bench-modules" / "bench_jobs.so"
        self.worker = self.bin / "rota-worker"
        (OUT / "work").mkdir(parents=True, exist_ok=True)

    def count(self, full, quick):
        return quick if self.quick else full

    @contextlib.contextmanager
    def directory(self):
        """A new folder on the disk of the tree: what is measured waits for a disk, and /tmp may be memory."""
        path = pathlib.Path(tempfile.mkdtemp(dir=OUT / "work"))
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)

    def output(self, program, *arguments, environment=None):
        """What a program of the build, or one with a path, printed."""
        command = [str(self.bin / program), *map(str, arguments)]
        if "/" in str(program):
            command[0] = str(program)
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=LONGEST_PROGRAM,
                env={**os.environ, **(environment or {})},
                check=False,
            )
        except FileNotFoundError as missing:
            raise CannotRun(f"{command[0]} is not installed") from missing
        except subprocess.TimeoutExpired as expired:
            raise CannotRun(f"{command[0]} did not end within {LONGEST_PROGRAM} s") from expired
        if done.returncode != 0:
            last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["nothing said"]
            raise CannotRun(f"{command[0]} ended with {done.returncode}: {last[0]}")
        return done.stdout

    def figures(self, program, *arguments, environment=None):
        """The JSON object that such a program printed last."""
        return json.loads(self.output(program, *arguments, environment=environment).strip().splitlines()[-1])

    def peer(self, script, *arguments):
        """Output of a peer by its script; node's find their packages in .build/bench/npm."""
        if script.endswith(".py"):
            return self.output(PYTHON, PEERS / script, *arguments)
        node = shutil.which("node") or "/usr/bin/node"
        # Modules are looked up beside the script, so it stands beside the packages.
        copy = OUT / "npm" / script
        if not (OUT / "npm" / "node_modules").exists():
            raise CannotRun("the packages from npm are not installed")
        shutil.copy(PEERS / script, copy)
        return self.output(node, copy, *arguments)
