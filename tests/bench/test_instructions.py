"""The hot paths take no more instructions than recorded. Where more is right, say why in the commit and record anew."""

import json

import pytest

from bench.count_instructions import RECORDED, instructions_of_a_turn, names

TOLERANCE = 0.04
RECORD = json.loads(RECORDED.read_text())


def test_every_hot_path_has_a_record():
    assert sorted(names()) == sorted(RECORD)


@pytest.mark.parametrize("name", RECORD)
def test_a_hot_path_takes_the_instructions_recorded(name):
    counted, recorded = instructions_of_a_turn(name), RECORD[name]
    change = f"{name} takes {counted} instructions a turn, recorded are {recorded}: {counted / recorded - 1:+.1%}"
    assert counted <= recorded * (1 + TOLERANCE), f"{change}; find out why, or run tests/bench/record-instructions"
    assert counted >= recorded * (1 - TOLERANCE), f"{change}; keep what was won: run tests/bench/record-instructions"
