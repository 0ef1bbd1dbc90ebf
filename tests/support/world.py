"""Rows that many tests start from, written once and kept in transactions around those of the tests.

A layer is a fixture made by `layer_fixture`. Its builder writes rows within a transaction that stays open for as long
as each next test wants them too; the test's own transaction is a savepoint within it. A test that does not want them
finds a database without them. A builder is given the layers that it names; each test gets a copy of its own of what
a builder returned. Keys and numbers are no more certain than elsewhere.
"""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import pytest
from django.db import connection, transaction

BUILDERS: dict[str, Callable[..., Any]] = {}


class Layer(NamedTuple):
    name: str
    atomic: transaction.Atomic
    made: bytes

    @property
    def copy(self) -> Any:
        return pickle.loads(self.made)  # noqa: S301 written by this process


OPEN_LAYERS: list[Layer] = []


def layer_fixture(builder: Callable[..., Any]) -> Any:
    """Return a fixture of that name; it and the fixtures that name it must be the only way to its rows."""
    name = builder.__name__
    BUILDERS[name] = builder

    @pytest.fixture(name=name)
    def found(request: pytest.FixtureRequest, db: None) -> Any:
        if any(layer.name == name for layer in OPEN_LAYERS):
            return result_of(name)
        return builder(*map(request.getfixturevalue, dependencies_of(name)))  # of a test that commits, or asks late

    return found


def result_of(name: str) -> Any:
    return next(layer.copy for layer in OPEN_LAYERS if layer.name == name)


def open_layers(fixtures: Collection[str]) -> None:
    """Open the layers that these fixtures name, and close every other.

    What cannot be built fails in the test itself.
    """
    wanted: list[str] = []
    for name in BUILDERS:
        if name in fixtures:
            add_with_dependencies(wanted, name)
    while [layer.name for layer in OPEN_LAYERS] != wanted[: len(OPEN_LAYERS)]:
        close_layer()
    with suppress(Exception):
        for name in wanted[len(OPEN_LAYERS) :]:
            open_layer(name)


def add_with_dependencies(wanted: list[str], name: str) -> None:
    for below in dependencies_of(name):
        add_with_dependencies(wanted, below)
    if name not in wanted:
        wanted.append(name)


def dependencies_of(name: str) -> list[str]:
    return list(inspect.signature(BUILDERS[name]).parameters)


def open_layer(name: str) -> None:
    atomic = testcase_atomic()
    atomic.__enter__()
    try:
        made = BUILDERS[name](*map(result_of, dependencies_of(name)))
        connection.check_constraints()  # PostgreSQL alters no table that has checks pending
        OPEN_LAYERS.append(Layer(name, atomic, pickle.dumps(made)))
    except BaseException:
        roll_back(atomic)
        raise


@contextmanager
def rollback_after() -> Iterator[None]:
    """Roll back whatever is written within: the next role, or the next value, finds what the first one found."""
    with testcase_atomic():
        yield
        transaction.set_rollback(True)


def testcase_atomic() -> transaction.Atomic:
    """Return a transaction that code which must be outermost ignores, as it does a test's own."""
    atomic = transaction.atomic()
    atomic._from_testcase = True  # type: ignore[attr-defined]
    return atomic


def close_layer() -> None:
    roll_back(OPEN_LAYERS.pop().atomic)


def roll_back(atomic: transaction.Atomic) -> None:
    transaction.set_rollback(True)
    atomic.__exit__(None, None, None)
