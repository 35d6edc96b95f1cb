"""清理 clean: the process in which a picture is decoded; limited, one file, then gone.

    python -I -m changxiao.ledger.media.clean < original > answer
    python -I -m changxiao.ledger.media.clean --document < original > answer   (a PDF is looked at)
    python -I -m changxiao.ledger.media.clean --sheet < original > answer      (an xlsx likewise)
    python -I -m changxiao.ledger.media.clean --people < original > answer     (faces, plate hints)
    python -I -m changxiao.ledger.media.clean --redact [[x,y,w,h],…] < original > answer
    python -I -m changxiao.ledger.media.clean --limits      (the limits missing here, as JSON)

The answer is one line of JSON and then, if its code is "ok", the bytes of the pictures that were
made: rendition and thumbnail, or the public picture and its thumbnail; else nothing. The caller
believes none of it: `sandbox` and `private` check sizes, shape and every segment again.
"""

import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

from changxiao.ledger.media import formats, limits, pdf, workbook

Answer = tuple[dict[str, Any], list[bytes]]
Task = Callable[[bytes], Answer]
_PAPERS = {"--document": "document", "--sheet": "sheet"}


def main() -> int:
    """入口: confine, read one file, answer, exit."""
    missing = limits.bound_resources()
    # Pillow comes in under the limits, but before the user who may read the libraries is given up.
    ready = _task(sys.argv[1:])
    missing += limits.leave_network_and_user()
    task = ready()
    missing += limits.start_nothing()
    if "--limits" in sys.argv[1:]:
        sys.stdout.write(json.dumps(missing))
        return 0
    kind, parts = _PAPERS.get(" ".join(sys.argv[1:]), "photo"), list[bytes]()
    try:
        said, parts = task(sys.stdin.buffer.read())
    except MemoryError:
        said = {"code": f"{kind}_costly"}
    except formats.BadPicture as bad:
        said = {"code": bad.code}
    except Exception:  # a decoder may raise anything, and all of it means the same
        said = {"code": f"{kind}_broken"}
    sys.stdout.buffer.write(b"".join([json.dumps(said).encode() + b"\n", *parts]))
    return 0


def _task(words: Sequence[str]) -> Callable[[], Task]:
    """In two steps: what is read and imported now, and what begins a thread when it is called."""
    if words[:1] == ["--people"]:
        return _people()
    task = _alone(words)
    return lambda: task


def _alone(words: Sequence[str]) -> Task:
    if words[:1] == ["--document"]:
        return lambda data: (pdf.look(data), [])
    if words[:1] == ["--sheet"]:
        return lambda data: (workbook.look(data), [])
    if words[:1] == ["--redact"]:
        from changxiao.ledger.media import redacting

        places = [tuple(place) for place in json.loads(words[1])]
        return lambda data: redacting.redact(data, places)
    from changxiao.ledger.media import picture

    return picture.clean


def _people() -> Callable[[], Task]:
    from changxiao.ledger.media import people, redacting

    begin = people.read()

    def ready() -> Task:
        detector = begin()

        def look(data: bytes) -> Answer:
            image = redacting.opened(data)
            return {"code": "ok", "size": image.size, **people.find(detector, image)}, []

        return look

    return ready


if __name__ == "__main__":
    sys.exit(main())
