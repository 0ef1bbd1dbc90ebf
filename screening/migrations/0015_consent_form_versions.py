import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def leave_out_statuses(apps, schema_editor):
    """They are only computed, and are made anew, with the consent's columns, once the migration is done."""
    apps.get_model('screening', 'SubjectStatus').objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('criteria', '0004_sources'),
        ('screening', '0014_log_attempts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(leave_out_statuses, migrations.RunPython.noop),
        migrations.AddField(
            model_name='subjectstatus',
            name='consent_version',
            field=models.TextField(blank=True, verbose_name='version of the consent form'),
        ),
        migrations.AddField(
            model_name='subjectstatus',
            name='reconsent_date',
            field=models.CharField(blank=True, max_length=10, verbose_name='re-consent date'),
        ),
        migrations.AddField(
            model_name='subjectstatus',
            name='reconsent_version',
            field=models.TextField(blank=True, verbose_name='version of the consent form at re-consent'),
        ),
        migrations.CreateModel(
            name='ConsentFormVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False, verbose_name='created at')),
                ('version', models.CharField(max_length=40, verbose_name='version')),
                ('approved_on', models.DateField(verbose_name='approved on')),
                ('valid_from', models.DateField(verbose_name='first day')),
                ('in_error', models.BooleanField(default=False, verbose_name='entered in error')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('trial', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consent_form_versions', to='criteria.trial', verbose_name='trial')),
            ],
            options={
                'verbose_name': 'consent form version',
                'verbose_name_plural': 'consent form versions',
                'ordering': ['-valid_from', '-pk'],
            },
        ),
    ]
