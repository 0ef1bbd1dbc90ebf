"""Getting in: accounts and their rights, the way through login and second factor, the limits of a session."""
