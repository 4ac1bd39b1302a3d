"""What a row of the table is: who is measured, in which figures, against whom, and what is to be reached."""

import dataclasses
from collections.abc import Callable


class CannotRun(Exception):
    """A peer or a yardstick that this machine cannot measure; the text says why."""


@dataclasses.dataclass
class Contestant:
    """`measure` is called once a round and answers figures by name, such as {"runs/s": 812.0}."""

    name: str
    measure: Callable[[], dict[str, float]]


@dataclasses.dataclass
class Goal:
    """A figure of ours, as a part of the same figure of `against` where there is one."""

    what: str
    ours: str
    figure: str
    against: str | None = None
    against_figure: str | None = None
    at_least: float | None = None
    at_most: float | None = None

    @property
    def wanted(self):
        sign, bound = (">=", self.at_least) if self.at_least is not None else ("<=", self.at_most)
        return f"{sign} {bound:g}"

    def reached(self, value):
        return value >= self.at_least if self.at_least is not None else value <= self.at_most


@dataclasses.dataclass
class Row:
    title: str
    contestants: list[Contestant]
    goals: list[Goal]
    rounds: int = 3
    notes: str = ""
