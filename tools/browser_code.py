"""Copies the few third-party browser files that pages need out of node_modules (`make setup`).

They go to the git-ignored `changxiao/ui/static/vendor/`, each beside its licence. Icons become one
sprite of the names listed in `changxiao/ui/icons.txt`. Standard library only.
"""

import json
import re
import shutil
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
MODULES = HOUSE / "node_modules"
VENDOR = HOUSE / "changxiao" / "ui" / "static" / "vendor"
ICON_NAMES = HOUSE / "changxiao" / "ui" / "icons.txt"

# package: files wanted from it
FILES = {
    "@tabler/core": ["dist/css/tabler.min.css"],
    "echarts": ["dist/echarts.esm.min.mjs"],
    "htmx.org": ["dist/htmx.min.js"],
    "maplibre-gl": [
        "dist/maplibre-gl.mjs",
        "dist/maplibre-gl-worker.mjs",
        "dist/maplibre-gl.css",
    ],
    # Inside the one file of echarts; their licences go along.
    "zrender": [],
    "tslib": [],
}
SOURCE_MAP = re.compile(r"(?:/\*# sourceMappingURL=.*?\*/|^//# sourceMappingURL=.*$)", re.M)


def main() -> int:
    """Build the vendor folder anew; a missing package is an error with its remedy."""
    if not MODULES.is_dir():
        print("node_modules is missing: run `make setup`", file=sys.stderr)
        return 1
    shutil.rmtree(VENDOR, ignore_errors=True)
    for package, files in FILES.items():
        target = VENDOR / package.lstrip("@").replace("/", "-").removesuffix(".org")
        _copy_package(MODULES / package, files, target)
    _copy_package(MODULES / "@tabler/icons", [], VENDOR / "tabler-icons")
    (VENDOR / "icons.svg").write_text(sprite(icon_names()), encoding="utf-8")
    return 0


def _copy_package(source: Path, files: list[str], target: Path) -> None:
    target.mkdir(parents=True)
    for name in files:
        text = (source / name).read_text(encoding="utf-8")
        # The hashed-manifest build follows this comment to a map that we do not ship.
        (target / Path(name).name).write_text(SOURCE_MAP.sub("", text), encoding="utf-8")
    for licence in sorted(source.glob("LICEN[CS]E*")):
        shutil.copy(licence, target / licence.name)
    facts = json.loads((source / "package.json").read_text(encoding="utf-8"))
    origin = {key: facts.get(key) for key in ("name", "version", "license", "author", "homepage")}
    (target / "origin.json").write_text(json.dumps(origin, indent=1), encoding="utf-8")


def icon_names() -> list[str]:
    """The icons that pages may use, one a line; `name-filled` asks for the filled drawing."""
    return ICON_NAMES.read_text(encoding="utf-8").split()


def sprite(names: list[str]) -> str:
    """One SVG with a symbol for each icon."""
    symbols = "\n".join(_symbol(name) for name in names)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def _symbol(name: str) -> str:
    style = "filled" if name.endswith("-filled") else "outline"
    path = MODULES / "@tabler/icons/icons" / style / f"{name.removesuffix('-filled')}.svg"
    drawing = path.read_text(encoding="utf-8").partition("<svg")[2]
    inside = drawing.partition(">")[2].rpartition("</svg>")[0].strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24">{inside}</symbol>'


if __name__ == "__main__":
    sys.exit(main())
