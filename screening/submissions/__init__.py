"""Submissions: each form that writes is taken once, however often it is sent."""
