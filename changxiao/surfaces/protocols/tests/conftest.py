"""The cast of the cases' tests, asked for over HTTP."""

from changxiao.cases.tests.conftest import city, damaged, problem, roads

__all__ = ["city", "damaged", "problem", "roads"]
