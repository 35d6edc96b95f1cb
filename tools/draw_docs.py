"""`make docs`: draw anew the pages of docs/ that come from tables of the product."""

import os
import sys
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "changxiao.settings")


def main() -> int:
    """Each drawn page, one after the other."""
    django.setup()
    from changxiao.cases import diagram
    from changxiao.evaluation import drawing

    diagram.main()
    drawing.main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
