"""拒绝 Refused: the domain says no, in a sentence that a person at the desk would say."""

from typing import Any


class Refused(Exception):  # noqa: N818 - it is an answer, not a fault
    """拒绝: `code` is stable for programs, `sentence` names field, value and remedy for people.

    Pages show the sentence, the API answers 409 (or 422 where `field` names an input) with what a
    door adds in `more`.
    """

    def __init__(self, code: str, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.field = field
        self.more: dict[str, Any] = {}

    def __repr__(self) -> str:
        return f"Refused({self.code!r}, {self.sentence!r}, field={self.field!r})"
