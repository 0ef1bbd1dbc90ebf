"""What many tests start from, written once and kept in transactions around those of the tests.

A layer is a fixture made by `kept`: its builder writes rows, within a transaction that stays open for as long as each
next test wants them too; the test's own transaction is a savepoint within it. A test that does not want them finds a
database without them. A builder is given the layers that it names; each test a copy of its own of what a builder
returned. Keys and numbers are no more certain than elsewhere.
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


STANDING: list[Layer] = []


def kept(builder: Callable[..., Any]) -> Any:
    """A fixture of that name; it and the fixtures that name it must be the only way to its rows."""
    name = builder.__name__
    BUILDERS[name] = builder

    @pytest.fixture(name=name)
    def found(request: pytest.FixtureRequest, db: None) -> Any:
        if any(layer.name == name for layer in STANDING):
            return of(name)
        return builder(*map(request.getfixturevalue, below_of(name)))  # of a test that commits, or asks late

    return found


def of(name: str) -> Any:
    return next(layer.copy for layer in STANDING if layer.name == name)


def stand(fixtures: Collection[str]) -> None:
    """Lets the layers stand that these fixtures name, and no other; what cannot be built fails in the test itself."""
    wanted: list[str] = []
    for name in BUILDERS:
        if name in fixtures:
            add(wanted, name)
    while [layer.name for layer in STANDING] != wanted[: len(STANDING)]:
        fall()
    with suppress(Exception):
        for name in wanted[len(STANDING) :]:
            build(name)


def add(wanted: list[str], name: str) -> None:
    for below in below_of(name):
        add(wanted, below)
    if name not in wanted:
        wanted.append(name)


def below_of(name: str) -> list[str]:
    return list(inspect.signature(BUILDERS[name]).parameters)


def build(name: str) -> None:
    atomic = unnoticed()
    atomic.__enter__()
    try:
        made = BUILDERS[name](*map(of, below_of(name)))
        connection.check_constraints()  # PostgreSQL alters no table that has checks pending
        STANDING.append(Layer(name, atomic, pickle.dumps(made)))
    except BaseException:
        undo(atomic)
        raise


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written within does not stay: the next role, or the next value, finds what the first one found."""
    with unnoticed():
        yield
        transaction.set_rollback(True)


def unnoticed() -> transaction.Atomic:
    """A transaction that what must be outermost takes for none, as it does a test's own."""
    atomic = transaction.atomic()
    atomic._from_testcase = True  # type: ignore[attr-defined]
    return atomic


def fall() -> None:
    undo(STANDING.pop().atomic)


def undo(atomic: transaction.Atomic) -> None:
    transaction.set_rollback(True)
    atomic.__exit__(None, None, None)
