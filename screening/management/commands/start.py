"""`make run`: one process sets the demonstration up and serves it; the worker is forked from it, and ends with it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from threading import Thread, main_thread
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from criteria.models import ProtocolVersion
from screening.management.commands.demonstration import TRIAL
from trialsite.startup import make_ready, without_collector

DEFINITION = settings.BASE_DIR / "criteria" / "protocols" / f"{TRIAL}.yaml"


class Command(BaseCommand):
    help = "Sets up the demonstration where it is not yet, and serves it with its worker, until it is stopped."
    requires_system_checks: list[str] = []  # `runserver` makes them

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("Refused: it starts the demonstration, with the demonstration settings only.")
        with without_collector():
            call_command("migrate", verbosity=0)
            if not ProtocolVersion.objects.filter(trial__code=TRIAL).exists():
                call_command("load_protocol", DEFINITION)
            call_command("demonstration")
        make_ready()
        worker = fork(lambda: call_command("work"))
        address = f"127.0.0.1:{options['port']}"
        self.stdout.write(f"Serving on http://{address}/ (stop with Ctrl-C)")
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, _frame: sys.exit(128 + number))
        try:
            call_command("runserver", address, use_reloader=False)
        finally:
            os.kill(worker, signal.SIGTERM)
            os.waitpid(worker, 0)


def fork(work: Callable[[], object]) -> int:
    """Do some work in a process of its own, and return its id; it is told to end once this one was killed, too."""
    connections.close_all()  # two processes cannot share one
    its_end, own_end = os.pipe()
    if pid := os.fork():
        os.close(its_end)
        return pid
    os.close(own_end)
    Thread(target=end_with, args=(its_end,), daemon=True).start()
    work()
    sys.exit()


def end_with(pipe: int) -> None:
    """End this process once nobody holds the other end of the pipe any more."""
    os.read(pipe, 1)
    signal.pthread_kill(main_thread().ident or 0, signal.SIGTERM)  # to the one that sleeps, so that it wakes
