"""A plugin of pytest: in a build with sanitizers a report of any program that a test has started fails the file.

A sanitizer writes its report to standard error and into the exit status, which most tests do not look at: a leak
of a daemon that is stopped, or a race that it survives, would pass unseen. Workers, whose environment is made anew,
do not have these options; what they report is in the log of their run.
"""

import os
import pathlib
import shutil
import tempfile

REPORTS = None


def pytest_configure(config):
    global REPORTS
    if not os.environ.get("ROTA_SANITIZE"):
        return
    REPORTS = pathlib.Path(tempfile.mkdtemp(prefix="rota-sanitizer-"))
    for sanitizer in ("ASAN", "LSAN", "TSAN", "UBSAN"):
        options = os.environ.get(f"{sanitizer}_OPTIONS", "")
        os.environ[f"{sanitizer}_OPTIONS"] = f"{options}:log_path={REPORTS}/report".lstrip(":")


def pytest_sessionfinish(session):
    if REPORTS is None:
        return
    for report in sorted(REPORTS.iterdir()):
        print(f"\n{report.name}:\n{report.read_text(errors='replace')}")
        session.exitstatus = 1
    shutil.rmtree(REPORTS)
