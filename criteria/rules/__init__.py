"""Rules as trees, read by interpreters that stand outside them. Pure Python: only the standard library."""
