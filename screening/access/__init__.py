"""Access: accounts and their rights, login with a second factor, session limits."""
