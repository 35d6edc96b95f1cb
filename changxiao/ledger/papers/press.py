"""排版 press: the process that typesets one paper; limited, then gone.

    python -I -m changxiao.ledger.papers.press FOLDER FONTS > paper.pdf

The folder holds `paper.typ`, `data.json` and pictures. typst reads below it and nowhere else; what
people wrote comes as JSON strings and is never markup.
"""

import sys
from pathlib import Path

from changxiao.ledger.media import limits


def main() -> int:
    """入口: confine, typeset, answer, exit."""
    folder, fonts = sys.argv[1:3]
    limits.bound_resources()
    import typst

    pdf = typst.compile(
        str(Path(folder) / "paper.typ"), root=folder, font_paths=[fonts], ignore_system_fonts=True
    )
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
