"""One function over many items in several processes: the results in the order of the items, in constant memory."""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from threading import Thread
from time import sleep
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

BATCH = 32  # items that a process is given at a time
AHEAD = 3  # batches for each process that are read before the first of them is done

work: Callable[[Any], Any] | None = None  # in a process that was started here: its function


def map_in_order(function: Callable[[Item], Result], items: Iterable[Item], workers: int) -> Generator[Result]:
    """Yield the result for each item, in their order; with one worker, in this process and item by item.

    The processes are forks of this one, made before the first item is read: they have what `function` refers to, and
    share its memory. They must use no connection of this one. Items and results are pickled. BrokenProcessPool where
    one of them was killed.
    """
    if workers == 1:
        yield from map(function, items)
        return
    gc.freeze()  # what is shared stays shared: the collector of a fork leaves it alone
    pool = ProcessPoolExecutor(workers, get_context("fork"), initializer=start_worker, initargs=(function,))
    try:
        pool.submit(run_batch, []).result()
        yield from results_in_order(pool, iter(items), workers * AHEAD)
    finally:
        pool.shutdown(cancel_futures=True)
        gc.unfreeze()


def results_in_order(pool: ProcessPoolExecutor, items: Iterator[Item], most: int) -> Iterator[Any]:
    pending: deque[Future[list[Any]]] = deque()
    while batch := list(islice(items, BATCH)):
        pending.append(pool.submit(run_batch, batch))
        if len(pending) >= most:
            yield from pending.popleft().result()
    while pending:
        yield from pending.popleft().result()


def start_worker(function: Callable[[Any], Any]) -> None:
    global work
    work = function
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started it ends it
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    Thread(target=end_with, args=(os.getppid(),), daemon=True).start()


def end_with(parent: int) -> None:
    """End this process once the one that started it was killed, which could no longer end it."""
    while os.getppid() == parent:
        sleep(1)
    os._exit(1)


def run_batch(batch: list[Any]) -> list[Any]:
    if work is None:
        raise RuntimeError("not in a process that `map_in_order` started")
    return [work(item) for item in batch]
