"""Checks of the installed packages on a booted machine, as root. They install and remove packages and stop
services: only for a machine that is thrown away."""

import os

import pytest

import installed


@pytest.fixture(autouse=True)
def rota_as_installed():
    """Every check begins with the package as if just installed: running, without history, jobs or changed units."""
    if installed.is_installed():
        installed.reset()
    else:
        installed.install(installed.packages("rota"))
    installed.wait_until(installed.is_active, "rotad.service to be active")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    report = (yield).get_result()
    if report.when != "call" and not report.failed and not report.skipped:
        return
    name = item.name.removeprefix("test_").replace("_", " ")
    detail = "".join(f" · {text}" for key, text in item.user_properties if key == "detail")
    if report.skipped:
        write("skipped", f"{name} · {report.longrepr[2].removeprefix('Skipped: ')}")
    elif report.failed:
        write("failed", f"{name} · {last_line(report)}")
    elif report.when == "call":
        write("ok", f"{name} ({report.duration:.1f} s){detail}")


def last_line(report):
    crash = getattr(report.longrepr, "reprcrash", None)
    text = (crash.message if crash else str(report.longrepr)).replace("\n", " | ")
    return text if len(text) < 500 else f"{text[:100]} … {text[-400:]}"


def write(result, text):
    with open(os.environ["ROTA_RESULTS"], "a", encoding="utf-8") as file:
        file.write(f"{result:8}{text}\n")
