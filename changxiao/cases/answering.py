"""拟答复 answering: what a resident is told begins with the city's template for kind and result,
else with ours, filled with the case's own words; a person looks at it before it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from changxiao.cases import places, rules
from changxiao.cases.evidence import Outcome
from changxiao.cases.models import Case
from changxiao.catalog import residents

ANSWERS: Mapping[str, Any] = {
    Outcome.RESTORED: gettext_lazy("您反映的问题已处置完毕，现场已核查。感谢您的监督。"),
    Outcome.PERSUADED: gettext_lazy("工作人员已到场劝离，现场已核查。如再次出现，请随时反映。"),
    Outcome.NOT_FOUND: gettext_lazy(
        "工作人员到场时未发现您反映的情况，有在场人员见证；将加强巡查。如再次出现，请随时反映。"
    ),
    Outcome.HANDED_OVER: gettext_lazy("您反映的问题已移交有关单位继续办理，办理情况可向其查询。"),
}


def proposed(case: Case, result: str) -> str:
    """拟答复 of a case for an outcome, or for "declined"; "" where nothing fits."""
    if written := residents.template(case.subcategory, result):
        return residents.filled(written, _words(case))
    return str(ANSWERS.get(result, ""))


def _words(case: Case) -> dict[str, str]:
    # Door numbers stay, telephone numbers go: the answer may be read by others of the household.
    return {
        "类别": case.subcategory.label,
        "地点": rules.masked(case.address) or places.of_case(case),
        "单位": case.lead_unit.name if case.lead_unit else "",
        "受理号": case.number,
    }
