"""The table (markdown) and its plots, from what has been measured."""

import datetime
import os
import pathlib
import shutil

from harness import plots
from harness.bench import OUT

HERE = pathlib.Path(__file__).resolve().parents[1]


def write(all_measured, options):
    (OUT / "plots").mkdir(parents=True, exist_ok=True)
    parts = [heading(options), "## Goals\n", goals_table(all_measured), "\n## Medians\n"]
    for name, measured in all_measured:
        parts.append(medians(name, measured))
    (OUT / "table.md").write_text("\n".join(parts))


def record():
    shutil.copy(OUT / "table.md", HERE / "table.md")
    shutil.rmtree(HERE / "plots", ignore_errors=True)
    shutil.copytree(OUT / "plots", HERE / "plots")


def summary(all_measured):
    return goals_table(all_measured) + f"\nWritten to {OUT / 'table.md'}"


def heading(options):
    kind = "small counts, to show that all works; " if options.quick else ""
    system = pathlib.Path("/etc/os-release").read_text().split('PRETTY_NAME="')[1].split('"')[0]
    today = datetime.datetime.now(datetime.timezone.utc).date()
    return f"""# What was measured

{today}, {kind}{os.cpu_count()} cores, {system}. Written by `tests/bench/run`. A result beside a yardstick is the median of
the ratios of the rounds, in each of which the two were measured one after the other.
"""


def goals_table(all_measured):
    lines = ["| what | result | goal | reached |", "| --- | ---: | ---: | --- |"]
    for name, measured in all_measured:
        for goal in measured.row.goals:
            value = measured.result(goal)
            if value is None:
                lines.append(f"| {measured.row.title}: {goal.what} | – | {goal.wanted} | not measured |")
            else:
                reached = "yes" if goal.reached(value) else "**no**"
                lines.append(f"| {measured.row.title}: {goal.what} | {number(value)} | {goal.wanted} | {reached} |")
    return "\n".join(lines) + "\n"


def medians(name, measured):
    row = measured.row
    figures = list(dict.fromkeys(figure for each in measured.figures.values() for figure in each))
    rounds = max((len(values) for each in measured.figures.values() for values in each.values()), default=0)
    lines = [f"### {row.title} (`rows/{name}.py`, rounds: {rounds})\n"]
    if figures:
        lines += [f"| | {' | '.join(figures)} |", "| --- |" + " ---: |" * len(figures)]
    for contestant, values in measured.figures.items():
        cells = [number(measured.median(contestant, figure)) if figure in values else "" for figure in figures]
        lines.append(f"| {contestant} | {' | '.join(cells)} |")
    for contestant, trouble in measured.troubles.items():
        lines.append(f"\n{contestant}: not measured: {trouble}")
    if row.notes:
        lines.append(f"\n{row.notes}")
    for figure in figures:
        file = plots.draw(name, figure, measured, OUT / "plots")
        if file:
            lines.append(f"\n![{row.title}, {figure}](plots/{file.name})")
    return "\n".join(lines) + "\n"


def number(value):
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
