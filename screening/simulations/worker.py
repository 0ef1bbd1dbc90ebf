"""The worker: the library's, but it ends at once, and before each look into the queue takes up what was left lying."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from time import sleep
from types import FrameType
from uuid import uuid4

from django.db import OperationalError, connections
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, DEFAULT_TASK_QUEUE_NAME
from django_tasks_db.management.commands.db_worker import Worker as LibraryWorker

from screening.simulations.tasks import take_up

INTERVAL = 1.0  # seconds between looks into an empty queue

logger = logging.getLogger(__name__)


class Worker(LibraryWorker):
    """Does what is queued. A signal ends it in the middle of a task, which goes on after its last chunk when the next
    worker starts: to finish first, as the library would, could take minutes.
    """

    def __init__(self, between: Callable[[], object] = lambda: None) -> None:
        """`between` is called before each look, and does what is due."""
        self.between = between
        super().__init__(
            queue_names=[DEFAULT_TASK_QUEUE_NAME],
            excluded_queue_names=[],
            interval=INTERVAL,
            batch=True,  # comes back whenever the queue is empty
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=uuid4().hex,
        )

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        if self.running:
            self.running = False
            sys.exit(0)

    def do_what_waits(self) -> None:
        """A database that is away or busy for a while is no reason to end."""
        try:
            self.between()
            take_up()
            self.run()
        except OperationalError:
            logger.exception("The worker cannot reach the database")
            connections.close_all()

    def go_on(self) -> None:
        """Until a signal comes."""
        self.configure_signals()
        while self.running:
            self.do_what_waits()
            sleep(self.interval)
