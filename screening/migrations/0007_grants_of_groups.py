"""Roles were groups; from here on they are grants on record. Nobody wrote down who had put whom into a group, or when."""

from django.conf import settings
from django.db import migrations
from django.utils import timezone

REASON = "Held as a group when rights began to be kept as records"


def grant_held_roles(apps, schema_editor):
    User = apps.get_model("auth", "User")
    Grant = apps.get_model("screening", "Grant")
    today = timezone.localdate()
    for account in User.objects.using(schema_editor.connection.alias).order_by("pk"):
        held = set(account.groups.values_list("name", flat=True))
        roles = [role for role in ("coordinator", "investigator", "administrator") if role in held]
        if not roles and account.is_superuser:
            roles = ["superuser"]
        for role in roles:
            Grant.objects.using(schema_editor.connection.alias).create(
                account=account, role=role, holds_from=today, reason=REASON, created_by=account
            )


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0006_access_and_trail"),
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(grant_held_roles, migrations.RunPython.noop)]
