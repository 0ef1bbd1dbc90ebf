"""Labels in the words of the field. The work list, computed with its texts, is made again after the migration."""

import datetime
from django.db import migrations, models


def empty_work_list(apps, schema_editor):
    apps.get_model('screening', 'SubjectStatus').objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('screening', '0018_status_of_a_visit'),
    ]

    operations = [
        migrations.RunPython(empty_work_list, empty_work_list),
        migrations.AlterModelOptions(
            name='trailreview',
            options={'verbose_name': 'review of the audit trail', 'verbose_name_plural': 'reviews of the audit trail'},
        ),
        migrations.AlterField(
            model_name='accessevent',
            name='kind',
            field=models.CharField(choices=[('login', 'logged in'), ('logout', 'logged out'), ('expired', 'logged out after the time limit'), ('password', 'user name and password refused'), ('code', 'code of the second factor refused'), ('locked', 'login refused: locked after too many attempts'), ('denied', 'request refused: no right to it'), ('opened', 'audit trail opened')], max_length=10, verbose_name='what happened'),
        ),
        migrations.AlterField(
            model_name='accountchange',
            name='step',
            field=models.CharField(choices=[('created', 'account created'), ('renamed', 'printed name changed'), ('deactivated', 'account deactivated'), ('reactivated', 'account reactivated'), ('access', 'access reset: any password and second factor before it are no longer valid'), ('confirmed', 'identity confirmed by a second user'), ('password', 'password set'), ('factor', 'second factor set up'), ('factor_removed', 'second factor removed'), ('codes', 'new recovery codes made'), ('recovery', 'logged in with a recovery code')], max_length=20, verbose_name='what was done'),
        ),
        migrations.AlterField(
            model_name='assessment',
            name='overall',
            field=models.CharField(choices=[('eligible', 'eligible'), ('ineligible', 'ineligible'), ('undetermined', 'undetermined')], max_length=20, verbose_name='status'),
        ),
        migrations.AlterField(
            model_name='disagreement',
            name='opinion',
            field=models.CharField(blank=True, choices=[('excludes', 'excludes the subject'), ('allows', 'does not exclude the subject'), ('unclear', 'cannot be decided yet')], max_length=20, verbose_name="in the investigator's judgement"),
        ),
        migrations.AlterField(
            model_name='signingfailure',
            name='cause',
            field=models.CharField(choices=[('password', 'incorrect user name or password'), ('locked', 'locked after too many attempts')], max_length=20, verbose_name='cause'),
        ),
        migrations.AlterField(
            model_name='simulationprogress',
            name='done',
            field=models.PositiveIntegerField(default=0, verbose_name='subjects done'),
        ),
        migrations.AlterField(
            model_name='simulationprogress',
            name='last',
            field=models.BigIntegerField(default=0, verbose_name='last subject'),
        ),
        migrations.AlterField(
            model_name='simulationprogress',
            name='total',
            field=models.PositiveIntegerField(default=0, verbose_name='subjects'),
        ),
        migrations.AlterField(
            model_name='simulationreport',
            name='people',
            field=models.PositiveIntegerField(verbose_name='subjects'),
        ),
        migrations.AlterField(
            model_name='subjectstatus',
            name='failed',
            field=models.TextField(blank=True, verbose_name='criteria not satisfied'),
        ),
        migrations.AlterField(
            model_name='subjectstatus',
            name='fails',
            field=models.PositiveIntegerField(default=0, verbose_name='not satisfied'),
        ),
        migrations.AlterField(
            model_name='subjectstatus',
            name='found',
            field=models.CharField(blank=True, choices=[('eligible', 'eligible'), ('ineligible', 'ineligible'), ('undetermined', 'undetermined')], max_length=20, verbose_name='status'),
        ),
        migrations.AlterField(
            model_name='subjectstatus',
            name='holds_until',
            field=models.DateField(default=datetime.date(9999, 12, 31), verbose_name='valid until'),
        ),
        migrations.AlterField(
            model_name='subjectstatus',
            name='overall',
            field=models.CharField(blank=True, choices=[('eligible', 'eligible'), ('ineligible', 'ineligible'), ('undetermined', 'undetermined')], max_length=20, verbose_name='status'),
        ),
        migrations.AlterField(
            model_name='subjectstatus',
            name='unknowns',
            field=models.PositiveIntegerField(default=0, verbose_name='not yet known'),
        ),
        migrations.AlterField(
            model_name='subjectstatus',
            name='voided',
            field=models.BooleanField(default=False, verbose_name='signature no longer valid'),
        ),
        migrations.AlterField(
            model_name='verdict',
            name='outcome',
            field=models.CharField(choices=[('pass', 'satisfied'), ('fail', 'not satisfied'), ('unknown', 'not yet known'), ('not_applicable', 'not applicable')], max_length=20, verbose_name='outcome'),
        ),
    ]
