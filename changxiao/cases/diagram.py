"""流程图: the road of a case drawn from its table, for `docs/case-flow.md` (`make docs`)."""

from __future__ import annotations

import sys
from pathlib import Path

from changxiao.cases.flow import BACK, ENDS, STEPS, Stage
from changxiao.orgs.posts import Post

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "case-flow.md"
BEGIN, END = "<!-- flow: made from cases/flow.py by `make docs` -->", "<!-- /flow -->"


def mermaid() -> str:
    """状态图: every step that moves a case, as a Mermaid state diagram."""
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {stage.value}: {stage.label} {stage.value}" for stage in Stage]
    for step in STEPS:
        if step.target is None:
            continue
        sources = [stage.value for stage in Stage if stage in step.sources] or ["[*]"]
        lines += [
            f"    {source} --> {step.target.value}: {step.title} {step.verb}"
            for source in sources
            if source != step.target.value
        ]
    lines += [f"    {stage.value} --> [*]" for stage in Stage if stage in ENDS]
    return "\n".join([*lines, "```"])


def table() -> str:
    """步骤表: verb, title, who, from where, to where."""
    rows = ["| verb | 步骤 | 岗位 | from | to |", "|---|---|---|---|---|"]
    for step in STEPS:
        who = "、".join(str(post.label) for post in Post if post in step.posts) or "系统"
        if len(step.posts) > 8:
            who = "任何业务岗位"
        sources = "、".join(str(s.label) for s in Stage if s in step.sources) or "—"
        if step.sources == frozenset(Stage):
            sources = "任何环节"
        stays = "回到原环节" if step.verb in BACK else "不变"
        target = str(step.target.label) if step.target else stays
        rows.append(f"| `{step.verb}` | {step.title} | {who} | {sources} | {target} |")
    return "\n".join(rows)


def drawn(page: str) -> str:
    """更新后的页面: the text between the two marks is made anew."""
    before, _mark, rest = page.partition(BEGIN)
    _old, _mark, after = rest.partition(END)
    return f"{before}{BEGIN}\n{mermaid()}\n\n{table()}\n{END}{after}"


def main() -> None:
    """重画 `docs/case-flow.md`."""
    PAGE.write_text(drawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name}\n")
