"""`python -m benchmarks.load --people 30 --seconds 45 --workers 2`: coordinators who save and assess without a pause.

Each sends the same form of a visit of their own again and again, with another value and based on the save before; every
seventh time they assess the visit instead. They do so through gunicorn with production's settings, on the database of
DATABASE_URL, which must be an empty one that nobody needs. Told are the saves a second, the processor time of the
server for each answer, and whether every save that was answered is there exactly once.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from http.client import HTTPConnection
from statistics import median, quantiles
from threading import Thread
from typing import NamedTuple
from urllib.parse import urlencode

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from benchmarks.site import coordinator, full_visit
from screening.access.sessions import BEGUN_AT, SEEN_AT
from screening.models import Revision, Subject

HOST = "screening.example.org"
PORT = 8099
KEYS = {
    "SECRET_KEY": "made-up.key-of.0123456789.abcdefghijklmnopqrstuvwxyz.A",
    "SEAL_KEY": "made-up.seal-of.9876543210.zyxwvutsrqponmlkjihgfedcba.Z",
}
MARK = "measured: "  # before what tells a save from all others, in its reason
SECTION, FIELD, LEAST = "vitals", "vitals-systolic_bp", 110  # mmHg
INPUT, ATTRIBUTE = re.compile(r"<input\b[^>]*>"), re.compile(r'([\w-]+)="([^"]*)"')


class Account(NamedTuple):
    """A coordinator who is logged in, with a visit: its key, and the one of the session."""

    visit: int
    session: str


class Answer(NamedTuple):
    what: str
    token: str
    status: int
    seconds: float


def main(people: int, seconds: float, workers: int) -> None:
    call_command("migrate", verbosity=0)
    if Subject.objects.exists():
        raise SystemExit("This database holds people: name an empty one in DATABASE_URL.")
    with override_settings(SECRET_KEY=KEYS["SECRET_KEY"]):
        accounts = [account(number) for number in range(people)]
    with server(workers):
        answered = measure(accounts, "127.0.0.1", PORT, seconds)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = (used.ru_utime + used.ru_stime) / max(answered, 1)
    print(f"{took * 1e3:.0f} ms of processor time of the server for each answer, its start included")


def account(number: int) -> Account:
    user = coordinator(f"coordinator-{number}")
    TOTP.activate(user, generate_totp_secret())
    visit = full_visit(user)
    session, now = SessionStore(), int(time.time())
    session.update({SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0]})
    session.update({HASH_SESSION_KEY: user.get_session_auth_hash(), BEGUN_AT: now, SEEN_AT: now})
    session.save()
    return Account(visit.pk, session.session_key or "")


@contextmanager
def server(workers: int) -> Iterator[None]:
    """Serve as README.md says, until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        site = {"DJANGO_SETTINGS_MODULE": "trialsite.settings.production", "ALLOWED_HOSTS": HOST, "STATIC_ROOT": folder}
        environment = {**os.environ, **KEYS, **site, "BEHIND_PROXY": "true", "ALLOW_SQLITE": "yes"}
        python = [sys.executable, "-m"]
        subprocess.run([*python, "django", "collectstatic", "--no-input", "-v", "0"], env=environment, check=True)  # noqa: S603
        command = [*python, "gunicorn", "trialsite.wsgi", "--bind", f"127.0.0.1:{PORT}", "--workers", str(workers)]
        process = subprocess.Popen([*command, "--log-level", "warning"], env=environment)  # noqa: S603
        try:
            wait_for_server()
            yield
        finally:
            process.terminate()
            process.wait()


def wait_for_server() -> None:
    for _ in range(120):
        try:
            return HTTPConnection("127.0.0.1", PORT).connect()
        except OSError:
            time.sleep(0.5)
    raise SystemExit("The server did not start.")


def measure(accounts: list[Account], host: str, port: int, seconds: float, name: str = HOST) -> int:
    """Let the coordinators work for so many seconds at the server, which is called `name`, and tell what came of it.

    Return the number of answers.
    """
    end = time.monotonic() + seconds
    coordinators = [Coordinator(number, each, (host, port, name), end) for number, each in enumerate(accounts)]
    for each in coordinators:
        each.start()
    for each in coordinators:
        each.join()
    answers = [answer for each in coordinators for answer in each.answers]
    for what in ("save", "assess"):
        show(what, [answer for answer in answers if answer.what == what], seconds)
    show_kept([answer.token for answer in answers if answer.what == "save" and answer.status == 302])
    return len(answers)


def show(what: str, answers: list[Answer], seconds: float) -> None:
    times = [answer.seconds * 1e3 for answer in answers if answer.status in (200, 302)] or [0]
    late = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    print(
        f"{what} on {connection.vendor}: {len(times) / seconds:.1f} a second, median {median(times):.0f} ms,"
        f" 95 % within {late:.0f} ms, at most {max(times):.0f} ms;"
        f" answers {dict(sorted(Counter(answer.status for answer in answers).items()))}"
    )


def show_kept(tokens: list[str]) -> None:
    reasons = Revision.objects.filter(reason__contains=MARK).values_list("reason", flat=True)
    kept = Counter(MARK + reason.partition(MARK)[2] for reason in reasons)
    once = sum(kept[token] == 1 for token in tokens)
    print(f"{once} of {len(tokens)} saves that were answered are there exactly once")


class Coordinator(Thread):
    """One who saves and assesses until `end`, by the monotonic clock; `answers` holds what the server said."""

    def __init__(self, number: int, account: Account, server: tuple[str, int, str], end: float) -> None:
        super().__init__(daemon=True)
        self.number, self.visit, self.server, self.end = number, account.visit, server, end
        self.answers: list[Answer] = []
        self.cookies = dict.fromkeys(("__Host-sessionid", "sessionid"), account.session)

    def run(self) -> None:
        path = f"/visits/{self.visit}/"
        section = f"{path}sections/{SECTION}/"
        form = inputs(self.ask("form", "", "GET", section)) | {"cause": "source"}
        page = inputs(self.ask("visit", "", "GET", path))
        revision = int(form["base"])
        count = 0
        while time.monotonic() < self.end:
            count += 1
            form |= {"base": str(revision), FIELD: str(LEAST + count % 20), "reason": f"{MARK}{self.number}.{count}"}
            if count % 7 == 0:
                self.ask("assess", "", "POST", f"{path}assess/", page | {"revision": str(revision)})
            elif self.ask("save", form["reason"], "POST", section, form) == "":
                revision += 1

    def ask(self, what: str, token: str, method: str, path: str, form: dict[str, str] | None = None) -> str:
        host, port, name = self.server
        headers = {"Host": name, "X-Forwarded-Proto": "https", "Referer": f"https://{name}/"}
        headers["Cookie"] = "; ".join(f"{key}={value}" for key, value in self.cookies.items())
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        start, asked = time.perf_counter(), HTTPConnection(host, port, timeout=60)
        asked.request(method, path, None if form is None else urlencode(form), headers)
        answer = asked.getresponse()
        text = answer.read().decode()
        asked.close()
        for cookie in answer.headers.get_all("Set-Cookie", ()):
            key, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[key] = value
        self.answers.append(Answer(what, token, answer.status, time.perf_counter() - start))
        return text


def inputs(page: str) -> dict[str, str]:
    """Return what a browser would send of a page's inputs, by name: those of its text, number and hidden ones."""
    found = (dict(ATTRIBUTE.findall(each)) for each in INPUT.findall(page))
    sent = (each for each in found if each.get("name") and each.get("type", "text") not in ("checkbox", "radio"))
    return {each["name"]: unescape(each.get("value", "")) for each in sent}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=45)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    main(arguments.people, arguments.seconds, arguments.workers)
