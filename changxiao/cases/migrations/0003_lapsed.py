"""A request may lapse: its case moved on before anybody decided."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_ruling")]

    operations = [
        migrations.AlterField(
            model_name="caserequest",
            name="state",
            field=models.CharField(
                choices=[
                    ("pending", "待审批"),
                    ("endorsed", "初审同意"),
                    ("granted", "同意"),
                    ("refused", "不同意"),
                    ("lapsed", "已失效"),
                ],
                default="pending",
                max_length=10,
            ),
        ),
    ]
