"""Waits until the login page of the address given answers as it should."""

import re
import sys
import time
from urllib.error import URLError
from urllib.request import urlopen

EXPECTED = "Log in"
PATIENCE = 180


def title(address: str) -> str:
    with urlopen(address, timeout=5) as response:  # noqa: S310 (an address of this machine)
        page = response.read().decode()
    found = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    return found.group(1).strip() if found else ""


def wait(address: str) -> str:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return title(address)
        except (URLError, OSError):
            if time.monotonic() > deadline:
                sys.exit(f"No answer from {address} within {PATIENCE} seconds")
            time.sleep(0.5)


found = wait(sys.argv[1])
print(f"{sys.argv[1]}: {found}")
if EXPECTED not in found:
    sys.exit(f"Expected a title with “{EXPECTED}”")
