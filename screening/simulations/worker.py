"""The library's worker, but it ends at once, and requeues silent simulations before each look into the queue."""

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

from screening.simulations.tasks import requeue_silent

INTERVAL = 1.0  # seconds between looks into an empty queue

logger = logging.getLogger(__name__)


class Worker(LibraryWorker):
    """A worker that runs the queued tasks, and that a signal ends in the middle of a task.

    The task continues after its last chunk when the next worker starts: finishing it first, as the library does,
    could take minutes.
    """

    def __init__(self, between: Callable[[], object] = lambda: None) -> None:
        """Set up the worker; `between` is called before each look into the queue, and does what is due."""
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

    def do_pending_work(self) -> None:
        """Do what is due, and run the tasks that wait.

        A database that is unavailable or busy for a while does not end the worker: OperationalError is logged.
        """
        try:
            self.between()
            requeue_silent()
            self.run()
        except OperationalError:
            logger.exception("The worker cannot reach the database")
            connections.close_all()

    def run_until_signal(self) -> None:
        """Work until a signal comes."""
        self.configure_signals()
        while self.running:
            self.do_pending_work()
            sleep(self.interval)
