"""并案与拆分: a stage of its own for what was joined, and where both point."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("cases", "0009_fast_lane_and_seen")]

    operations = [
        migrations.RemoveConstraint(
            model_name="case",
            name="case_known_stage",
        ),
        migrations.AddField(
            model_name="case",
            name="duplicate_of",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case", verbose_name="并入案卷"),
        ),
        migrations.AddField(
            model_name="case",
            name="split_from",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case", verbose_name="拆分自"),
        ),
        migrations.AlterField(
            model_name="case",
            name="stage",
            field=models.CharField(choices=[("reported", "待受理"), ("confirming", "待核实"), ("accepted", "待立案"), ("filed", "待派遣"), ("dispatched", "待处置"), ("suspended", "挂账中"), ("handled", "待核查"), ("verified", "待结案"), ("closed", "已结案"), ("declined", "不予受理"), ("voided", "已作废"), ("joined", "已并案")], default="reported", max_length=12, verbose_name="环节"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(condition=models.Q(("stage__in", ["reported", "confirming", "accepted", "filed", "dispatched", "suspended", "handled", "verified", "closed", "declined", "voided", "joined"])), name="case_known_stage"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("duplicate_of__isnull", False), ("stage", "joined")), models.Q(models.Q(("stage", "joined"), _negated=True), ("duplicate_of__isnull", True)), _connector="OR"), name="case_joined_to_one"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(condition=models.Q(("duplicate_of", models.F("id")), _negated=True), name="case_not_its_own_duplicate"),
        ),
    ]
