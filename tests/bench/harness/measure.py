"""Measures the contestants of a row in alternation, so that what disturbs the machine disturbs all of them."""

import dataclasses
import statistics
import sys

from harness.row import CannotRun, Row


@dataclasses.dataclass
class Measured:
    row: Row
    figures: dict[str, dict[str, list[float]]] = dataclasses.field(default_factory=dict)  # contestant, figure, rounds
    troubles: dict[str, str] = dataclasses.field(default_factory=dict)  # contestant, why it was not measured

    def median(self, contestant, figure):
        values = self.figures.get(contestant, {}).get(figure)
        return statistics.median(values) if values else None

    def result(self, goal):
        """Of a goal with a yardstick: the median of the ratios of each round, whose two halves stood side by side."""
        ours = self.figures.get(goal.ours, {}).get(goal.figure)
        if not ours:
            return None
        if goal.against is None:
            return statistics.median(ours)
        against = self.figures.get(goal.against, {}).get(goal.against_figure or goal.figure)
        if not against or not all(against):
            return None
        return statistics.median(mine / other for mine, other in zip(ours, against, strict=False))


def measure(row, rounds=None):
    measured = Measured(row)
    for number in range(rounds or row.rounds):
        for contestant in row.contestants:
            if contestant.name in measured.troubles:
                continue
            try:
                figures = contestant.measure()
            except (CannotRun, OSError, AssertionError) as trouble:
                measured.troubles[contestant.name] = str(trouble).strip() or type(trouble).__name__
                print(f"  {contestant.name}: CANNOT RUN: {measured.troubles[contestant.name]}", file=sys.stderr)
                continue
            for figure, value in figures.items():
                measured.figures.setdefault(contestant.name, {}).setdefault(figure, []).append(value)
            shown = ", ".join(f"{figure} {value:.4g}" for figure, value in figures.items())
            print(f"  round {number + 1}, {contestant.name}: {shown}", flush=True)
    return measured
