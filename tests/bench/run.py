"""Measures the rows named on the command line, all of them by default, and writes table and plots."""

import argparse
import importlib
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(HERE.parent)]
sys.dont_write_bytecode = True

ROWS = [
    "process_runs",
    "worker_start",
    "thread_runs",
    "firing_delay",
    "thousand_at_once",
    "idle",
    "registered_jobs",
    "next_occurrence",
    "http_triggers",
    "history",
    "start_up",
    "build",
]


def main():
    parser = argparse.ArgumentParser(prog="tests/bench/run", description=__doc__)
    parser.add_argument("rows", metavar="ROW", nargs="*", help=", ".join(ROWS))
    parser.add_argument("--quick", action="store_true", help="small counts: shows that all works, not how fast")
    parser.add_argument("--rounds", type=int, help="instead of each row's own number")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / ".build" / "release")
    parser.add_argument("--record", action="store_true", help="put table and plots into tests/bench/")
    options = parser.parse_args()
    if unknown := set(options.rows) - set(ROWS):
        parser.error(f"no such row: {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}")
    os.environ["ROTA_BIN"] = str(options.build / "bin")
    os.environ["ROTA_LIB"] = str(options.build / "lib")
    from harness import report
    from harness.bench import Bench
    from harness.measure import measure

    bench = Bench(options.build, options.quick)
    all_measured = []
    for name in options.rows or ROWS:
        print(f"{name}:", flush=True)
        row = importlib.import_module(f"rows.{name}").row(bench)
        all_measured.append((name, measure(row, options.rounds or (1 if options.quick else None))))
        report.write(all_measured, options)
    print(report.summary(all_measured))
    if options.record:
        report.record()


main()
