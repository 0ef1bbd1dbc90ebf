"""`make bench`: the figures of docs/benchmarks.md, measured on this machine."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trialsite.settings.test")
django.setup()

from benchmarks import engine, panel, saving  # noqa: E402  (the models need Django set up)

if __name__ == "__main__":
    engine.main()
    panel.main()
    saving.main()
