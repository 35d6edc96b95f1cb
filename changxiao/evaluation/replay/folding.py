"""折叠: what the entries of a stream say of its rows, read in order. Pure.

Values stand as entries hold them: codes for rows, text for times and days. Of an evaluation's
stream, `""` is the evaluation; objections, highlights and decisions stand under names of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from changxiao.evaluation.flow import STEPS, State
from changxiao.evaluation.gaps.flow import GapState
from changxiao.evaluation.scoring.flow import SheetState

Columns = dict[str, Any]
Told = dict[str, Columns]
UPHELD, REJECTED = "upheld", "rejected"
MOST_NOTE = 400  # of a sheet's and a scheme's: the entry keeps the whole


class Deed(NamedTuple):
    """一条记录: what was done, by whom, when, with what."""

    verb: str
    actor: str
    at: str
    body: Mapping[str, Any]

    @property
    def note(self) -> str:
        """办理时写的话."""
        return str(self.body.get("_act", {}).get("note", ""))

    def has(self, *names: str) -> Columns:
        """所记的各列, as far as the entry names them."""
        return {name: self.body[name] for name in names if name in self.body}


Fold = Callable[[Columns, Deed], Columns]


def evaluation(deeds: Sequence[Deed]) -> Told:
    """评价, with its objections, highlights and decisions."""
    row: Columns = dict.fromkeys(("computed_at", "published_at", "object_until", "sealed_at"))
    row |= {"digest": "", "size": None, "root": "", "sentence": "", "changed": False}
    told: Told = {"": row}
    for deed in deeds:
        if fold := _EVALUATION.get(deed.verb):
            row |= fold(row, deed)
        step = STEPS.get(deed.verb)
        row["state"] = str(step.target if step and step.target else row["state"])
        if deed.verb in _BESIDE:
            naming, fold = _BESIDE[deed.verb]
            beside = told.setdefault(naming(deed.body), {})
            beside |= fold(beside, deed)
    return told


def sheet(deeds: Sequence[Deed]) -> Told:
    """外部得分表, with the files behind it."""
    return {"": _folded(deeds, _SHEET), **_proofs(deeds)}


def gap(deeds: Sequence[Deed]) -> Told:
    """差距任务, with the files of its answers."""
    return {"": _folded(deeds, _GAP), **_proofs(deeds)}


def _proofs(deeds: Sequence[Deed]) -> Told:
    told: Told = {}
    for deed in deeds:
        for sha256 in deed.body.get("files", ()):
            name = f"/proof/{deed.body.get('item', '')}/{sha256}"
            told.setdefault(name, {"added_by": deed.actor, "added_at": deed.at})
    return told


def scheme(deeds: Sequence[Deed]) -> Told:
    """方案: each version is a row."""
    return {f"/{deed.body['version']}": _version(deed) for deed in deeds}


def observations(sheets: Iterable[tuple[str, Mapping[str, Any]]]) -> Told:
    """观测, of all sheets in the log's order: each as the one that told of it last has it."""
    told: Told = {}
    for place, body in sheets:
        for row in body["rows"]:
            told[f"{row['item']}/{row['kind']}"] = {**row, "file": body["file"], "entry": place}
    return told


def _folded(deeds: Iterable[Deed], folds: Mapping[str, Fold]) -> Columns:
    row: Columns = {}
    for deed in deeds:
        if fold := folds.get(deed.verb):
            row |= fold(row, deed)
    return row


# -- evaluations ---------------------------------------------------------------------------------


def _asked(_row: Columns, deed: Deed) -> Columns:
    body = deed.body
    told = {"key": body["scheme"], "scheme": f"{body['scheme']} v{body['version']}"}
    told |= {"asked_by": deed.actor, "asked_at": deed.at, "sentence": "", "state": State.WAITING}
    return told | deed.has("period", "revision")


def _computed(row: Columns, deed: Deed) -> Columns:
    state = State.DRAFT if row["state"] == State.WAITING else row["state"]
    told = {"state": state, "computed_at": deed.at, "changed": False}
    return told | deed.has("digest", "size", "root")


def _failed(_row: Columns, deed: Deed) -> Columns:
    return {"state": State.FAILED, **deed.has("sentence")}


def _published(_row: Columns, deed: Deed) -> Columns:
    return {"published_at": deed.at, **deed.has("object_until")}


def _sealed(_row: Columns, deed: Deed) -> Columns:
    return {"sealed_at": deed.at, **deed.has("digest", "size", "root")}


def _upheld(row: Columns, deed: Deed) -> Columns:
    return {"changed": row["changed"] or deed.body["state"] == UPHELD}


_EVALUATION: dict[str, Fold] = {
    "compute": _asked,
    "recompute": _asked,
    "computed": _computed,
    "failed": _failed,
    "publish": _published,
    "confirm_decision": _upheld,
    "seal": _sealed,
}


# -- what hangs on an evaluation -----------------------------------------------------------------


def _objected(_row: Columns, deed: Deed) -> Columns:
    told = {"state": "raised", "raised_by": deed.actor, "raised_at": deed.at}
    return {**told, "reason": deed.note.strip(), **deed.has("group", "indicator")}


def _proposed(_row: Columns, deed: Deed) -> Columns:
    told = {"proposed_by": deed.actor, "proposed_at": deed.at, "opinion": deed.note.strip()}
    counts = deed.has("numerator", "denominator", "before", "after")
    return {**told, **counts, **deed.has("state", "upheld")}


def _judged(_row: Columns, deed: Deed) -> Columns:
    told = deed.has("state", "upheld")
    if told["state"] in {UPHELD, REJECTED}:
        told |= {"confirmed_by": deed.actor, "confirmed_at": deed.at}
    return told


def _picked(_row: Columns, deed: Deed) -> Columns:
    found = {"first_date": deed.body["first"], "closed_date": deed.body["closed"]}
    found |= deed.has("category", "community", "numbers", "times", "days", "visits")
    return {**found, "picked_by": deed.actor, "picked_at": deed.at, "dropped_at": None}


def _dropped(_row: Columns, deed: Deed) -> Columns:
    return {"dropped_at": deed.at}


def _decided(_row: Columns, deed: Deed) -> Columns:
    told = deed.has("proposal", "outcome", "measure", "state", "reason", "opinion")
    told |= {"decided_by": deed.actor, "decided_at": deed.at}
    return {**told, "confirmed_by": "", "confirmed_at": None}


def _looked_at(_row: Columns, deed: Deed) -> Columns:
    told = deed.has("state", "opinion")
    return {**told, "confirmed_by": deed.actor, "confirmed_at": deed.at}


def _objection(body: Mapping[str, Any]) -> str:
    return f"/objection/{body['n']}"


def _highlight(body: Mapping[str, Any]) -> str:
    return f"/highlight/{body['spot']}"


def _honor(body: Mapping[str, Any]) -> str:
    return f"/honor/{body['honor']}/{body['group']}"


_BESIDE: dict[str, tuple[Callable[[Mapping[str, Any]], str], Fold]] = {
    "object": (_objection, _objected),
    "propose_decision": (_objection, _proposed),
    "confirm_decision": (_objection, _judged),
    "pick_highlight": (_highlight, _picked),
    "drop_highlight": (_highlight, _dropped),
    "decide_honor": (_honor, _decided),
    "confirm_honor": (_honor, _looked_at),
}


# -- sheets, tasks, schemes ----------------------------------------------------------------------


def _submitted(_row: Columns, deed: Deed) -> Columns:
    told = {"key": deed.body["scheme"], "submitted_by": deed.actor, "submitted_at": deed.at}
    told |= {"state": SheetState.PROPOSED, "note": deed.note[:MOST_NOTE]}
    told |= {"decided_by": "", "decided_at": None, "opinion": ""}
    return told | deed.has("period", "file", "lines")


def _of_sheet(_row: Columns, deed: Deed) -> Columns:
    told = {"decided_by": deed.actor, "decided_at": deed.at}
    return told | deed.has("state", "opinion")


_SHEET: dict[str, Fold] = {
    "submit_scores": _submitted,
    "confirm_scores": _of_sheet,
    "reject_scores": _of_sheet,
    "withdraw_scores": _of_sheet,
}


def _opened(_row: Columns, deed: Deed) -> Columns:
    told: Columns = {"state": GapState.OPEN, "made_by": deed.actor, "made_at": deed.at}
    told |= {"answer": "", "proof": "", "answered_by": "", "answered_at": None}
    told |= {"opinion": "", "judged_by": "", "judged_at": None}
    named = (
        "key",
        "period",
        "item",
        "title",
        "group",
        "minus",
        "what",
        "evidence",
        "origin",
        "figures",
        "rows",
    )
    return told | {"rows": []} | deed.has(*named, "source", "kind", "due_at")


def _answered(_row: Columns, deed: Deed) -> Columns:
    told = {"answer": deed.note.strip(), "answered_by": deed.actor, "answered_at": deed.at}
    return told | deed.has("state", "proof")


def _judged_gap(_row: Columns, deed: Deed) -> Columns:
    told = {"opinion": deed.note.strip(), "judged_by": deed.actor, "judged_at": deed.at}
    return told | deed.has("state")


def _cancelled(_row: Columns, deed: Deed) -> Columns:
    return deed.has("state")


_GAP: dict[str, Fold] = {
    "open_gap": _opened,
    "answer_gap": _answered,
    "accept_gap": _judged_gap,
    "send_back_gap": _judged_gap,
    "cancel_gap": _cancelled,
}


def _version(deed: Deed) -> Columns:
    told = {"note": deed.note[:MOST_NOTE], "saved_by": deed.actor, "saved_at": deed.at}
    return told | deed.has("title", "text")
