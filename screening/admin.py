"""Users and roles are managed here; the records can be looked at, and that is all."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User

from screening import append_only

admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(UserAdmin):
    """An account is deactivated, never deleted: its name stays with what it signed, and goes to nobody else."""

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        """What somebody signed shows the account's name, so the name is given once."""
        return ("username",) if obj else ()


class RecordAdmin(admin.ModelAdmin):
    def has_add_permission(self, request: Any) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False


for model in append_only.protected():
    if not admin.site.is_registered(model):
        admin.site.register(model, RecordAdmin)
