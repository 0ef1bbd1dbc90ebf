import datetime
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def leave_out_statuses(apps, schema_editor):
    """They are only computed, and are made anew, with the day of the next step, once the migration is done."""
    apps.get_model('screening', 'SubjectStatus').objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('screening', '0016_checks_between_answers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(leave_out_statuses, migrations.RunPython.noop),
        migrations.AddField(
            model_name='subjectstatus',
            name='next_day',
            field=models.DateField(default=datetime.date(9999, 12, 31), verbose_name='day of the next step'),
        ),
        migrations.CreateModel(
            name='SubjectReference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False, verbose_name='created at')),
                ('reference', models.CharField(blank=True, max_length=40, verbose_name='reference')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='references', to='screening.subject', verbose_name='subject')),
            ],
            options={
                'verbose_name': "site's reference",
                'verbose_name_plural': "site's references",
            },
        ),
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('of', models.CharField(choices=[('work_list', 'work list'), ('log', 'screening log')], max_length=20, verbose_name='list')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('address', models.TextField(verbose_name='address')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
            ],
            options={
                'verbose_name': 'saved filter',
                'verbose_name_plural': 'saved filters',
                'constraints': [models.UniqueConstraint(fields=('owner', 'of', 'name'), name='saved_filter_once_per_name')],
            },
        ),
    ]
