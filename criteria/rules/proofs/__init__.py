"""Proofs: why a criterion has its outcome, in sentences that are understood at first sight."""
