"""A daemon that ends itself by SIGKILL in the middle of a call (tests/faults), and what is looked at after it."""

import contextlib
import pathlib
import re
import sqlite3

from system.preloaded import preloaded


def dies_at(call, when, file="", nth=1, armed=None):
    """The environment in which rotad ends itself."""
    return {**preloaded("dies_at"), "ROTA_DIE_CALL": call, "ROTA_DIE_WHEN": when, "ROTA_DIE_FILE": file,
            "ROTA_DIE_NTH": str(nth), "ROTA_DIE_ARMED": str(armed or "")}


def mail_table(port):
    return (f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
            'from = "rota@example.org"\nto = ["team@example.org"]\nsummary_period = "30 days"\n')


def outbox(daemon):
    """The mails that wait, by their Message-ID."""
    with contextlib.closing(sqlite3.connect(f"file:{daemon.database}?mode=ro", uri=True, timeout=30)) as connection:
        return [message_id(text) for (text,) in connection.execute("SELECT message FROM outbox")]


def born(pid):
    """What no other process will ever be; None for one that has ended."""
    with contextlib.suppress(OSError):
        return pid, pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    return None


def message_id(message):
    return re.search(r"Message-ID: <(.*)@", message)[1]


def lines(file):
    return file.read_text().split() if file.exists() else []
