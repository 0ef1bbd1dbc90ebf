import criteria.records.canonical
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('criteria', '0011_tables_of_numbers'),
    ]

    operations = [
        migrations.AddField(
            model_name='criterion',
            name='wordings',
            field=criteria.records.canonical.DocumentField(blank=True, null=True, verbose_name='official wording by language'),
        ),
        migrations.AddField(
            model_name='protocolversion',
            name='sponsor_protocol',
            field=criteria.records.canonical.DocumentField(blank=True, null=True, verbose_name="the sponsor's protocol"),
        ),
    ]
