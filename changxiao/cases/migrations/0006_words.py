"""The words by which a case is found; filled by the consumer that reads the log from its start."""

from typing import Any

from django.db import migrations

from changxiao.cases.indexing import INDEX


def create(_apps: Any, editor: Any) -> None:
    INDEX.create(editor.execute)


def drop(_apps: Any, editor: Any) -> None:
    INDEX.drop(editor.execute)


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_evidence_of_a_case")]

    operations = [migrations.RunPython(create, drop)]
