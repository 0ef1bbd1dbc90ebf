"""Benchmarks: all by `make bench`, one alone as `python -m benchmarks.engine`. Importing them sets Django up."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trialsite.settings.test")
django.setup()
