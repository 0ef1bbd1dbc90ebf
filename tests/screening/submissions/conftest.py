from tests.screening.hostile.conftest import application
from tests.screening.views.conftest import client, reviewer, visit
from tests.screening.views.test_access import address

__all__ = ["address", "application", "client", "reviewer", "visit"]
