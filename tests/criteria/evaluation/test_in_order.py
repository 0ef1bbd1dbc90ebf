import os
import signal
from concurrent.futures.process import BrokenProcessPool
from itertools import count, islice

import pytest

from criteria.evaluation.in_order import AHEAD, BATCH, map_in_order


def test_results_come_in_the_order_of_the_items():
    assert list(map_in_order(lambda number: number * number, range(300), 3)) == [number**2 for number in range(300)]


def test_another_process_does_the_work_only_where_there_are_several():
    assert set(map_in_order(lambda _: os.getpid(), range(5), 1)) == {os.getpid()}
    assert os.getpid() not in set(map_in_order(lambda _: os.getpid(), range(5), 2))


@pytest.mark.parametrize("workers", [1, 2])
def test_no_more_items_are_read_ahead_than_the_processes_have_room_for(workers):
    taken = []

    def items():
        for number in count():
            taken.append(number)
            yield number

    found = map_in_order(str, items(), workers)
    assert list(islice(found, 2 * BATCH)) == [str(number) for number in range(2 * BATCH)]
    found.close()
    assert len(taken) <= 2 * BATCH + (workers > 1) * workers * (AHEAD + 1) * BATCH


def test_error_of_the_function_is_the_callers():
    with pytest.raises(ZeroDivisionError):
        list(map_in_order(lambda number: 1 // number, [1, 0], 2))


def test_process_that_is_killed_is_an_error_and_no_silence():
    with pytest.raises(BrokenProcessPool):
        list(map_in_order(lambda _: os.kill(os.getpid(), signal.SIGKILL), [1], 2))
