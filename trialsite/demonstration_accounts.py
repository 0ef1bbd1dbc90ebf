"""Accounts of the demonstration.

Everybody can read their passwords, so production looks for them and refuses them.
"""

ACCOUNTS: tuple[tuple[str, str, str], ...] = (  # user name, password, role
    ("coordinator", "coordinator-demo", "coordinator"),
    ("investigator", "investigator-demo", "investigator"),
    ("administrator", "administrator-demo", "administrator"),
    ("monitor", "monitor-demo", "monitor"),
    ("superuser", "superuser-demo", "superuser"),
)
DEMONSTRATION_NAMES = frozenset(name for name, _password, _role in ACCOUNTS)
DEMONSTRATION_PASSWORDS = frozenset(password for _name, password, _role in ACCOUNTS)
