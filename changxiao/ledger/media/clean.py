"""清理 clean: the process in which a picture is decoded; limited, one file, then gone.

    python -I -m changxiao.ledger.media.clean < original > answer
    python -I -m changxiao.ledger.media.clean --limits      (the limits missing here, as JSON)

The answer is one line of JSON and then, if its code is "ok", the bytes of the rendition and of the
thumbnail. The caller believes none of it: `sandbox` checks sizes, shape and every segment again.
"""

import json
import sys

from changxiao.ledger.media import formats, limits


def main() -> int:
    """入口: confine, read one file, answer, exit."""
    missing = limits.bound_resources()
    # Pillow comes in under the limits, but before the user who may read the libraries is given up.
    from changxiao.ledger.media import picture

    missing += limits.leave_network_and_user()
    if "--limits" in sys.argv[1:]:
        sys.stdout.write(json.dumps(missing))
        return 0
    parts: list[bytes] = []
    try:
        said, parts = picture.clean(sys.stdin.buffer.read())
    except MemoryError:
        said = {"code": "photo_costly"}
    except formats.BadPicture as bad:
        said = {"code": bad.code}
    except Exception:  # a decoder may raise anything, and all of it means the same
        said = {"code": "photo_broken"}
    sys.stdout.buffer.write(b"".join([json.dumps(said).encode() + b"\n", *parts]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
