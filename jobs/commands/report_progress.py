#!/usr/bin/python3
"""A command job in Python, standard library only: measures the lines of its standard input and says how far it is."""

import json
import os
import sys


def event(**members):
    os.write(int(os.environ["ROTA_EVENTS_FD"]), (json.dumps(members) + "\n").encode())  # the one line


unit = os.environ.get("ROTA_PARAM_UNIT", "characters")
lines = sys.stdin.read().splitlines()
for done, line in enumerate(lines, 1):
    print(f"{line}: {len(line)} {unit}", flush=True)  # what is printed is the run's log
    event(type="progress", done=done, total=len(lines), message=line)
event(type="result", lines_added=len(lines), last_entry=json.dumps({"line": lines[-1] if lines else None}))
