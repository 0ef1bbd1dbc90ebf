"""One row of the log for each attempt: the table is only computed, and is made anew once the migration is done."""

import django.db.models.deletion
from django.db import migrations, models

LATEST_ATTEMPT = models.Q(latest_of__isnull=False)


def drop_table(apps, schema_editor):
    schema_editor.delete_model(apps.get_model('screening', 'SubjectStatus'))


def create_table(apps, schema_editor):
    schema_editor.create_model(apps.get_model('screening', 'SubjectStatus'))


def index(name, *fields, condition=None):
    more = {'condition': condition} if condition else {}
    return migrations.AddIndex('subjectstatus', models.Index(fields=list(fields), name=f'standing_{name}', **more))


SORTS = ('screening_number', 'holds_until', 'planned_first_dose', 'saved_at', 'fails', 'unknowns')
OTHERS = ('queue_expiring', 'queue_oldest', 'visit_date', 'log_counts', 'open_visits')

# In the state alone: a primary key cannot be exchanged where the table stays.
STATE = [
    *(migrations.RemoveIndex('subjectstatus', f'standing_{name}') for name in (*SORTS, *OTHERS)),
    migrations.AlterField(
        model_name='subjectstatus',
        name='subject',
        field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='statuses', to='screening.subject', verbose_name='subject'),
    ),
    migrations.AddField(
        model_name='subjectstatus',
        name='id',
        field=models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID'),
    ),
    migrations.AddField(
        model_name='subjectstatus',
        name='latest_of',
        field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='status', to='screening.subject', verbose_name='latest attempt of'),
    ),
    migrations.AlterField(
        model_name='subjectstatus',
        name='visit',
        field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='screening.visit', verbose_name='visit'),
    ),
    *(index(name, name, 'id', condition=LATEST_ATTEMPT) for name in SORTS),
    index('queue_expiring', 'awaiting', 'holds_until', 'id'),
    index('queue_oldest', 'awaiting', 'assessed_at', 'id'),
    index('subject', 'subject', 'id'),
    index('visit_date', 'visit_date', 'id', 'failed'),
    index('log_counts', 'decision', 'primary_reason', 'enrolment_number', 'trial', 'version', 'found', 'coordinator', 'visit_date', 'failed', 'latest_of', 'subject'),
    index('open_visits', 'trial', 'visit_date', 'id', 'version', 'decision', 'primary_reason', 'enrolment_number', 'latest_of', condition=LATEST_ATTEMPT),
]


class Migration(migrations.Migration):

    dependencies = [
        ('screening', '0012_reference_range_confirmation'),
    ]

    operations = [
        migrations.RunPython(drop_table, create_table),
        migrations.SeparateDatabaseAndState(state_operations=STATE),
        migrations.RunPython(create_table, drop_table),
    ]
