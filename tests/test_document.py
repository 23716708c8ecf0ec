"""Cells are frozen values, although they are filled in their own way."""

import copy
import pickle
from dataclasses import FrozenInstanceError, fields, replace
from inspect import signature

import pytest

from extractors.document import NOWHERE, Cell, Place


def test_a_cell_is_a_frozen_value() -> None:
    cell = Cell("Rà soát", 1, 2, place=Place(3), bold=True)
    assert (cell.row_span, cell.column_span, cell.continued, cell.filled, cell.confidence) == (1, 1, (), False, 1.0)
    assert cell == Cell("Rà soát", 1, 2, 1, 1, Place(3), (), False, True, 1.0) != Cell("Rà soát", 1, 2, bold=True)
    assert len({cell, copy.deepcopy(cell), pickle.loads(pickle.dumps(cell)), replace(cell, row=1)}) == 1
    assert hash(cell) == hash(replace(cell, text="")) != hash(replace(cell, row=2))
    assert repr(Cell("a", 0, 0)) == (
        "Cell(text='a', row=0, column=0, row_span=1, column_span=1, place=Place(page=None, box=None), continued=(),"
        " filled=False, bold=False, confidence=1.0)"
    )
    with pytest.raises(FrozenInstanceError):
        cell.row = 2  # type: ignore[misc]
    with pytest.raises((FrozenInstanceError, AttributeError, TypeError)):
        cell.other = 2  # type: ignore[attr-defined]


def test_a_cell_takes_its_fields_in_their_order() -> None:
    taken = list(signature(Cell).parameters)
    assert taken == [field.name for field in fields(Cell)]
    values = list(range(len(taken)))
    cell = Cell(*values)  # type: ignore[arg-type]
    assert [getattr(cell, name) for name in taken] == values
    assert Cell("", 0, 0).place is NOWHERE
