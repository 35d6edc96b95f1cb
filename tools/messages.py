"""Compiles each room's translations with Babel (`make setup`); `msgfmt` is not on every machine."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parent.parent / "changxiao"


def main() -> int:
    """Write a .mo beside every .po that is newer; a file that cannot be read fails by name."""
    for po in sorted(PACKAGE.rglob("locale/*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            compile_one(po, mo)
    return 0


def compile_one(po: Path, mo: Path) -> None:
    """One catalogue; fuzzy entries are left out, so a guess never reaches a reader."""
    with po.open("rb") as source:
        catalogue = read_po(source, locale=po.parent.parent.name, abort_invalid=True)
    draft = mo.with_suffix(".mo.new")
    with draft.open("wb") as target:
        write_mo(target, catalogue)
    draft.replace(mo)


if __name__ == "__main__":
    sys.exit(main())
