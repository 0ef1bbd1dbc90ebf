import criteria.records.canonical
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('criteria', '0010_tests'),
    ]

    operations = [
        migrations.AddField(
            model_name='protocolversion',
            name='tables',
            field=criteria.records.canonical.DocumentField(blank=True, null=True, verbose_name='tables of numbers'),
        ),
    ]
