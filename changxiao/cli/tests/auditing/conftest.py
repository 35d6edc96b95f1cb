"""The small March of evaluation, for the commands of an auditor."""

from changxiao.evaluation.tests.conftest import draft, march, published, scheme
from changxiao.evaluation.tests.test_scores import mixed

__all__ = ["draft", "march", "mixed", "published", "scheme"]
