"""Signals by which one room tells others, without importing them, that something happened."""

from django.dispatch import Signal

# Sent with `subject`, and with `visit` where the records are of one, by every action that adds to a subject's records:
# once they are added, in the same transaction. Saving and assessing, the most frequent, also hand on what they have at
# hand: the latest `revision` with its visit, subject and trial, the `version` that applies and the `outlook` by it, and
# the `assessment` with its `verdicts`.
records_added = Signal()
