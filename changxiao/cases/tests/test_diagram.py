"""The manual's diagram is the table, drawn."""

from changxiao.cases import diagram
from changxiao.cases.flow import STEPS


def test_the_manual_shows_the_flow_as_it_is():
    page = diagram.PAGE.read_text(encoding="utf-8")
    assert diagram.drawn(page) == page, "run `make docs`"


def test_the_diagram_names_every_step_that_moves_a_case():
    drawn = diagram.mermaid()
    assert all(f" {step.verb}" in drawn for step in STEPS if step.target and step.verb != "report")
