"""更正: what waits for a second person."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("cases", "0010_duplicates")]

    operations = [
        migrations.CreateModel(
            name="Amendment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("change", models.JSONField(default=dict, verbose_name="更正内容")),
                ("reason", models.TextField(verbose_name="更正理由")),
                ("state", models.CharField(choices=[("pending", "待同意"), ("granted", "同意"), ("refused", "不同意")], default="pending", max_length=8)),
                ("asked_by", models.CharField(max_length=64)),
                ("asked_at", models.DateTimeField()),
                ("decided_by", models.CharField(blank=True, max_length=64)),
                ("decided_at", models.DateTimeField(null=True)),
                ("opinion", models.TextField(blank=True)),
            ],
            options={
                "verbose_name": "更正",
            },
        ),
        migrations.AddField(
            model_name="amendment",
            name="case",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="amendments", to="cases.case"),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.UniqueConstraint(condition=models.Q(("state", "pending")), fields=("case",), name="amendment_one_pending"),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.CheckConstraint(condition=models.Q(("decided_by", models.F("asked_by")), _negated=True), name="amendment_decided_by_another"),
        ),
    ]
