"""一班的各件事 deeds of A-06b: what a collector does on the phone, and what must come of each.

A deed is filled in on the real page, saved by its own button, and known afterwards by words that no
other deed has: those of a report or a note, or, for a walk, the key under which the phone keeps it.
The contents of its photos are the deed's own; those of a recording are what the phone wrote down
when it was saved.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from changxiao.bench.torture_clients import picture

# A report with a picture now and then, with a recording, put right at once; a task; a patrol.
KINDS = {"report": 4, "clip": 2, "spot": 2, "task": 3, "walk": 2}
PICTURED = 0.34
BRIEF, WHOLE, RUNS_OUT = 1_500, 16_500, 0.1  # milliseconds of a clip; the share that stops itself
_SAVED = "[data-said][data-state=saved]"
_CLIPPED = "[data-report] [data-clips] figure"

# Newest first: key, path, words, and each picture's role and hash.
ITEMS = """async () => {
  const request = indexedDB.open("changxiao-field");
  const db = await new Promise((done) => (request.onsuccess = () => done(request.result)));
  const all = db.transaction("items").objectStore("items").getAll();
  await new Promise((done) => (all.onsuccess = done));
  db.close();
  return all.result.sort((a, b) => b.saved_at - a.saved_at).map((one) => [
    one.key, one.path, one.body.description ?? one.body.note ?? "",
    one.photos.map((photo) => `${photo.role} ${photo.sha256}`), one.state,
  ]);
}"""


@dataclass(slots=True)
class Deed:
    """一件事: `photos` as "role hash"; `key` is that of the item, once it was seen on the phone."""

    kind: str
    words: str
    photos: list[str] = field(default_factory=list)
    button: str = ""
    sign: str = ""
    gone: bool = False  # the sign is that something has gone
    saved: bool = False
    key: str = ""


def drawn(chance: random.Random) -> str:
    """抽一种事."""
    return chance.choices(list(KINDS), list(KINDS.values()))[0]


def filled(page: Any, kind: str, words: str, chance: random.Random, subject: str) -> Deed:
    """填写: everything but the last tap; a task where none is left is a report."""
    if kind == "task" and not page.locator("[data-tasks] article").count():
        kind = "report"
    return _FILL[kind](page, Deed(kind, words), chance, subject)


def _reported(page: Any, deed: Deed, chance: random.Random, _subject: str) -> Deed:
    shown = [picture(chance)] if chance.random() < PICTURED else []
    return _written(page, deed, "[data-subjects] input[type=radio] >> nth=0", before=shown)


def _recorded(page: Any, deed: Deed, chance: random.Random, _subject: str) -> Deed:
    """录音录像, now and then until it stops by itself after its fifteen seconds."""
    deed = _reported(page, deed, chance, "")
    for _turn in range(chance.choice((1, 1, 2))):
        here = page.locator(_CLIPPED).count()
        page.click(f"[data-report] [data-{chance.choice(('video', 'voice'))}]")
        page.wait_for_selector("[data-report] [data-live]:not([hidden])")
        if chance.random() >= RUNS_OUT:
            page.wait_for_timeout(BRIEF)
            page.click("[data-report] [data-stop]")
        page.wait_for_selector(f"{_CLIPPED} >> nth={here}")
    return deed


def _put_right(page: Any, deed: Deed, chance: random.Random, subject: str) -> Deed:
    """自处置: of the kind that the city leaves to its collectors, both sides shown."""
    choice = f"[data-subjects] input[value^='{subject}/'] >> nth=0"
    before, after = [picture(chance)], [picture(chance)]
    return _written(page, deed, choice, search=subject, before=before, after=after)


def _written(page: Any, deed: Deed, choice: str, *, search: str = "", **sides: Any) -> Deed:
    _turned(page, "report")
    page.wait_for_selector("[data-place][data-state]")
    form = "[data-report]"
    page.fill(f"{form} input[name=words]", search)
    page.check(f"{form} {choice}")
    if "after" in sides:
        page.check(f"{form} input[name=on_spot]")
    for side, shots in sides.items():
        name = "photos" if side == "before" else side
        _laid(page, f"{form} input[name={name}]", shots)
        deed.photos += [f"{side} {sha256(shot).hexdigest()}" for shot in shots]
    page.fill(f"{form} textarea[name=description]", deed.words)
    page.evaluate("document.querySelector('[data-said]').dataset.state = ''")
    deed.button, deed.sign = ".field-save", _SAVED
    return deed


def _answered(page: Any, deed: Deed, chance: random.Random, _subject: str) -> Deed:
    """任务: the first card, answered by one of its own buttons; put right where it offers that."""
    _turned(page, "today")
    card = page.locator("[data-tasks] article >> nth=0")
    here = f"article[data-number='{card.get_attribute('data-number')}']"
    verbs = [one.get_attribute("value") for one in card.locator("[data-answers] button").all()]
    verb = chance.choice(verbs)
    looked = {"verify": "verify", "rework": "verify"}.get(verb, "confirm")
    sides = {"photos": "before", "after": "after"} if "spot" in verb else {"photos": looked}
    for name, role in sides.items():
        shot = picture(chance)
        _laid(page, f"{here} input[name={name}]", [shot])
        deed.photos.append(f"{role} {sha256(shot).hexdigest()}")
    page.fill(f"{here} textarea[name=note]", deed.words)
    deed.button, deed.sign, deed.gone = f"{here} button[value={verb}]", here, True
    return deed


def _walked(page: Any, deed: Deed, _chance: random.Random, _subject: str) -> Deed:
    """巡查: begun where none goes on, else finished."""
    _turned(page, "today")
    page.wait_for_selector("[data-walk-grid] option", state="attached")
    going = page.get_attribute("[data-patrol]", "data-walking") == "1"
    deed.button = f"[data-walk-{'finish' if going else 'start'}]"
    deed.sign = f"[data-patrol][data-walking='{'' if going else '1'}']"
    deed.words = ""
    return deed


_FILL = {
    "report": _reported,
    "clip": _recorded,
    "spot": _put_right,
    "task": _answered,
    "walk": _walked,
}


def _turned(page: Any, place: str) -> None:
    page.click(f".field-bar a[href='#{place}']")
    page.wait_for_selector(f"[data-at={place}]:not([hidden])")


def _laid(page: Any, field: str, shots: list[bytes]) -> None:
    if shots:
        files = [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": shot} for shot in shots]
        page.set_input_files(field, files)


def saved(page: Any, deed: Deed) -> bool:
    """保存: whether the page said so before the browser was gone."""
    try:
        page.click(deed.button)
        page.wait_for_selector(deed.sign, state="detached" if deed.gone else "attached")
    except Exception:
        return False
    return True


def recognised(page: Any, deed: Deed, known: set[str]) -> None:
    """认出: which item on the phone is this deed, and what recordings it holds; none where the
    browser died before."""
    walked = deed.kind == "walk"
    for key, path, words, photos, _state in page.evaluate(ITEMS):
        mine = path.startswith("patrols/") if walked else words == deed.words
        if mine and key not in known:
            deed.key = key
            deed.photos += [one for one in photos if one.startswith("recording ")]
            known.add(key)
            return


@dataclass(slots=True)
class Found:
    """查得: what is wrong with a shift, in numbers."""

    stored: int = 0
    unsaved: int = 0
    lost: int = 0
    doubled: int = 0
    photos: int = 0
    photos_wrong: int = 0


def counted(deeds: list[Deed], looked: list[tuple[str, str, list[str]]]) -> Found:
    """核对: `looked` are key, words and photos of every act in the log that came from the phone.

    Each deed that was shown as saved is there; each is there once, saved or not; with its photos
    and with no others. What belongs to no deed is a deed done twice.
    """
    stored = {key for key, _words, _photos in looked}
    held = {told: photos for _key, told, photos in looked if told}
    words = Counter(told for _key, told, _photos in looked if told)
    found = Found(stored=len(looked), photos=sum(len(photos) for _k, _w, photos in looked))
    for deed in deeds:
        there = deed.words in held if deed.words else deed.key in stored
        found.lost += deed.saved and not there
        found.unsaved += there and not deed.saved
        found.photos_wrong += sorted(held.get(deed.words, [])) != sorted(deed.photos) and there
    known = {deed.words for deed in deeds if deed.words}
    keys = {deed.key for deed in deeds if deed.key}
    found.doubled = sum(count - 1 for count in words.values()) + len(set(words) - known)
    found.doubled += sum(key not in keys for key, told, _photos in looked if not told)
    return found
