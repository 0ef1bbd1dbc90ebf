"""Signals by which one room tells others, without importing them, that something happened."""

from django.dispatch import Signal

# Sent with `subject` by every action that adds to a subject's records: once they are added, in the same transaction.
records_added = Signal()
