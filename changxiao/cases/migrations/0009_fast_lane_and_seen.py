"""补录与撤回: what a fast lane owes, and how far who comes next has read."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("cases", "0008_flags_of_evidence")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="owed",
            field=models.CharField(blank=True, max_length=40, verbose_name="待补录"),
        ),
        migrations.AddField(
            model_name="case",
            name="seen_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="seen_n",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="caserequest",
            name="state",
            field=models.CharField(choices=[("pending", "待审批"), ("endorsed", "初审同意"), ("granted", "同意"), ("refused", "不同意"), ("lapsed", "已失效"), ("withdrawn", "已撤回")], default="pending", max_length=10),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(condition=models.Q(("owed", ""), _negated=True), fields=["owed"], name="case_owing"),
        ),
    ]
