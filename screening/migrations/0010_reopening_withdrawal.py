import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def drop_outdated_statuses(apps, schema_editor):
    """Drop the computed rows that would now come out differently; they are computed anew after the migration.

    These are of people whose closed case was void after a correction, and of those about whom a question was answered.
    """
    status = apps.get_model('screening', 'SubjectStatus').objects.using(schema_editor.connection.alias)
    closed = models.Q(closure=None, visit__revisions__closures__isnull=False)
    answered = models.Q(visit__questions__answers__isnull=False)
    status.filter(pk__in=list(status.filter(closed | answered).values_list('pk', flat=True).distinct())).delete()


def signed_fields():
    return [
        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
        ('created_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False, verbose_name='created at')),
        ('printed_name', models.CharField(max_length=301, verbose_name='printed name')),
        ('role', models.CharField(max_length=100, verbose_name='role')),
        ('meaning', models.TextField(verbose_name='meaning of the signature')),
        ('zone', models.CharField(max_length=100, verbose_name='time zone')),
        ('seal', models.CharField(max_length=64, verbose_name='seal')),
        ('reason', models.TextField(verbose_name='reason')),
        ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
    ]


class Migration(migrations.Migration):

    dependencies = [
        ('screening', '0009_form_keys_entered_in_error'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # After a withdrawal, a reopening or an answer the same is decided once more; whoever decides locks the visit.
        migrations.RemoveConstraint(
            model_name='closure',
            name='closure_once_per_revision',
        ),
        migrations.RemoveConstraint(
            model_name='sendback',
            name='send_back_once_per_assessment',
        ),
        migrations.RemoveConstraint(
            model_name='signature',
            name='signature_once_per_assessment',
        ),
        migrations.AddField(
            model_name='signature',
            name='despite',
            field=models.TextField(blank=True, verbose_name='why in spite of a disagreement'),
        ),
        migrations.AddField(
            model_name='disagreement',
            name='opinion',
            field=models.CharField(blank=True, choices=[('excludes', 'excludes the person'), ('allows', 'does not exclude the person'), ('unclear', 'cannot be decided yet')], max_length=20, verbose_name="in the investigator's judgement"),
        ),
        migrations.CreateModel(
            name='SignatureWithdrawal',
            fields=[
                *signed_fields(),
                ('signature', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='screening.signature', verbose_name='signature')),
            ],
            options={
                'verbose_name': 'signature withdrawn',
                'verbose_name_plural': 'signatures withdrawn',
            },
        ),
        migrations.CreateModel(
            name='Reopening',
            fields=[
                *signed_fields(),
                ('closure', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reopening', to='screening.closure', verbose_name='case closed')),
            ],
            options={
                'verbose_name': 'case reopened',
                'verbose_name_plural': 'cases reopened',
            },
        ),
        migrations.AddField(
            model_name='subjectstatus',
            name='answered_at',
            field=models.DateTimeField(null=True, verbose_name='question answered at'),
        ),
        migrations.RunPython(drop_outdated_statuses, migrations.RunPython.noop),
    ]
