"""`manage.py start`: what it starts beside itself does not stay behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).parents[3]
PATIENCE = 60  # seconds, on a machine that is busy with other things
FORKING = """
import os, time
import django
django.setup()
from screening.management.commands.start import fork
fork(lambda: (print(os.getpid(), flush=True), time.sleep(600)))
time.sleep(600)
"""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_worker_ends_when_the_process_beside_it_is_ended(how):
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "trialsite.settings.test"}
    with subprocess.Popen(
        [sys.executable, "-"], cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(FORKING)
        process.stdin.close()
        forked = int(process.stdout.readline())
        process.send_signal(how)
    end = monotonic() + PATIENCE
    while is_running(forked) and monotonic() < end:
        sleep(0.05)
    assert not is_running(forked)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_start_is_refused_when_this_is_not_the_demonstration():
    with pytest.raises(CommandError, match="demonstration settings only"):
        call_command("start")
