from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('criteria', '0007_summary'),
    ]

    operations = [
        migrations.AlterField(
            model_name='criterion',
            name='reading',
            field=models.TextField(blank=True, verbose_name='interpretation'),
        ),
    ]
