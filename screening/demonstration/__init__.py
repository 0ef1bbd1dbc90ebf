"""Invented accounts and people for trying the application out; never on an installation with real data."""
