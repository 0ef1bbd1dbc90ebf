import criteria.records.canonical
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('criteria', '0009_interpretations'),
    ]

    operations = [
        migrations.AddField(
            model_name='protocolversion',
            name='tests',
            field=criteria.records.canonical.DocumentField(blank=True, null=True, verbose_name='tests'),
        ),
    ]
