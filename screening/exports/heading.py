from typing import NamedTuple


class Heading(NamedTuple):
    """What an export says of itself: how the log was filtered, when and by whom it was exported."""

    title: str
    filters: str
    exported_at: str
    exported_by: str
