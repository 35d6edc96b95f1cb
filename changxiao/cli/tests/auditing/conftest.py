"""The small March of evaluation, for the commands of an auditor."""

from changxiao.evaluation.tests.conftest import draft, march, published, scheme

__all__ = ["draft", "march", "published", "scheme"]
