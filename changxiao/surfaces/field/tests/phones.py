"""What a phone sends: a report with its manifest, a piece of a photo."""

import hashlib
import io
import json

from PIL import Image

from tests.support.cast import JINPING

KEY = "0190a000-0000-7000-8000-000000000001"


def jpeg(shade="#777777"):
    out = io.BytesIO()
    Image.new("RGB", (64, 48), shade).save(out, "JPEG")
    return out.getvalue()


def sha(data):
    return hashlib.sha256(data).hexdigest()


def report_of(damaged, *pictures, **more):
    lon, lat = JINPING
    photos = [
        {"sha256": sha(p), "role": "before", "bytes": len(p), "type": "image/jpeg"}
        for p in pictures
    ]
    told = {"subcategory": damaged.subcategory.key, "lon": lon, "lat": lat, "photos": photos}
    return told | {"description": "有坑"} | more


def send(phone, body, key=KEY, path="/field/sync/reports", **headers):
    return phone.post(
        path, json.dumps(body), "application/json", HTTP_IDEMPOTENCY_KEY=key, **headers
    )


def put(phone, data, *, start=0, end=None, name=None):
    piece = data[start:end]
    told = f"bytes {start}-{start + len(piece) - 1}/{len(data)}"
    path = f"/field/sync/media/{name or sha(data)}"
    return phone.put(path, piece, "image/jpeg", HTTP_CONTENT_RANGE=told)
