import criteria.records.canonical
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """A range is confirmed by a second person, may end or be marked wrong; those entered before count as confirmed."""

    dependencies = [
        ('screening', '0011_attestations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='referencerange',
            name='age_from',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='lowest age'),
        ),
        migrations.AddField(
            model_name='referencerange',
            name='age_until',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='highest age'),
        ),
        migrations.AddField(
            model_name='referencerange',
            name='doubt',
            field=models.TextField(blank=True, verbose_name='question confirmed when it was entered'),
        ),
        migrations.AddField(
            model_name='referencerange',
            name='laboratory',
            field=models.CharField(blank=True, max_length=100, verbose_name='laboratory'),
        ),
        migrations.AddField(
            model_name='referencerange',
            name='lln',
            field=criteria.records.canonical.DocumentField(blank=True, null=True, verbose_name='lower limit of normal'),
        ),
        migrations.AddField(
            model_name='referencerange',
            name='needs_confirmation',
            field=models.BooleanField(default=False, verbose_name='needs confirmation'),
        ),
        migrations.AlterField(
            model_name='referencerange',
            name='needs_confirmation',
            field=models.BooleanField(default=True, verbose_name='needs confirmation'),
        ),
        migrations.CreateModel(
            name='RangeConfirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False, verbose_name='created at')),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('range', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='confirmation', to='screening.referencerange', verbose_name='range')),
            ],
            options={
                'verbose_name': 'confirmed reference range',
                'verbose_name_plural': 'confirmed reference ranges',
            },
        ),
        migrations.CreateModel(
            name='RangeEnd',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False, verbose_name='created at')),
                ('last_day', models.DateField(verbose_name='last day')),
                ('reason', models.TextField(verbose_name='reason')),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('range', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ends', to='screening.referencerange', verbose_name='range')),
            ],
            options={
                'verbose_name': 'end of a reference range',
                'verbose_name_plural': 'ends of reference ranges',
            },
        ),
        migrations.CreateModel(
            name='RangeRetraction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False, verbose_name='created at')),
                ('reason', models.TextField(verbose_name='reason')),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('range', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='retraction', to='screening.referencerange', verbose_name='range')),
            ],
            options={
                'verbose_name': 'reference range marked wrong',
                'verbose_name_plural': 'reference ranges marked wrong',
            },
        ),
    ]
