import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Models and their relations take the field's words; tables stay under their names, and no row changes."""

    dependencies = [
        ('screening', '0007_grants_of_groups'),
    ]

    operations = [
        migrations.AlterModelTable('standing', 'screening_standing'),
        migrations.RenameModel('Standing', 'SubjectStatus'),
        migrations.RenameField('subjectstatus', 'marks', 'flags'),
        migrations.AlterModelOptions(
            name='subjectstatus',
            options={'verbose_name': 'subject status', 'verbose_name_plural': 'subject statuses'},
        ),
        migrations.AlterField(
            model_name='subjectstatus',
            name='flags',
            field=models.TextField(blank=True, verbose_name='review flags'),
        ),
        migrations.AlterField(
            model_name='subjectstatus',
            name='subject',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='status', serialize=False, to='screening.subject', verbose_name='subject'),
        ),
        migrations.AlterModelTable('prompt', 'screening_prompt'),
        migrations.RenameModel('Prompt', 'EditCheckQuery'),
        migrations.AlterField(
            model_name='editcheckquery',
            name='visit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='edit_check_queries', to='screening.visit', verbose_name='visit'),
        ),
        migrations.AlterModelTable('transfer', 'screening_transfer'),
        migrations.RenameModel('Transfer', 'VersionTransition'),
        migrations.AlterField(
            model_name='versiontransition',
            name='visit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transitions', to='screening.visit', verbose_name='visit'),
        ),
    ]
