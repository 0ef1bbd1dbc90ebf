"""Rules as trees, and separate interpreters that read them; pure Python, only the standard library."""
