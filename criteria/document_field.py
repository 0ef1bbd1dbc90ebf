from typing import Any

from django.db import models

from criteria import canonical


class DocumentField(models.TextField):
    """JSON kept as the text that was written, because a JSON column would reorder its keys and reword its numbers."""

    _pyi_private_set_type: Any  # for the type checker: the value is what the JSON says, not its text
    _pyi_private_get_type: Any

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else canonical.dump(value)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return None if value is None else canonical.parse(value)

    def to_python(self, value: Any) -> Any:
        return canonical.parse(value) if isinstance(value, str) else value

    def value_to_string(self, obj: models.Model) -> str:
        return canonical.dump(self.value_from_object(obj))
