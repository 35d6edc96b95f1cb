from django.db import migrations, models
from django.db.models.expressions import RawSQL

from changxiao.ledger import triggers


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0002_photo'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(
                condition=models.Q(
                    RawSQL("substr(stream, 1, 5) <> 'case:'", (), models.BooleanField())
                ),
                fields=['id'],
                name='entry_beside_cases',
            ),
        ),
        migrations.RunPython(triggers.install, migrations.RunPython.noop),
    ]
