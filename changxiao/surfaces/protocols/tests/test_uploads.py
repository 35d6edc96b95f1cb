"""Representatives of the hostile corpus (reliability.md A-12) at the door of each protocol.

The whole corpus goes through the pipeline in `ledger/media`; here each door is shown to lead to it:
the same no, nothing stored, and no decoder in the process that serves.
"""

import base64
import hashlib
import subprocess
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from changxiao.cases.finds.models import Find
from changxiao.cases.finds.tests.conftest import camera  # noqa: F401 - the camera at the crossing
from changxiao.cases.models import Case
from changxiao.catalog import known
from changxiao.ledger.media.models import Photo
from changxiao.ledger.media.tests import corpus
from changxiao.surfaces.protocols.cloudevents.reading import TYPE
from changxiao.surfaces.protocols.cloudevents.tests.conftest import token_of

pytestmark = pytest.mark.django_db
CHOSEN = (
    *("svg as png", "html as jpeg", "heic renamed", "truncated", "animated png"),
    *("900 megapixel bomb", "png declared jpeg", "trailing html"),
)
FILES = {one.label: one for one in corpus.corpus() if one.label in CHOSEN}


@pytest.fixture
def as_system():
    """Over HTTP nobody is the system."""


def bearer(kind):
    return {"Authorization": f"Bearer {token_of('box-1', kind)}"}


def by_open311(hostile):
    known.known.clear()
    file = SimpleUploadedFile(hostile.name, hostile.data, hostile.declared)
    form = {"service_code": "e9799", "lat": "23.365", "long": "116.703", "media": file}
    return Client(headers=bearer("open311")).post("/open311/v2/requests.json", form)


def by_event(hostile):
    picture = {"type": hostile.declared, "base64": base64.b64encode(hostile.data).decode()}
    told = {"specversion": "1.0", "id": "1", "source": "urn:x", "type": TYPE}
    told["data"] = {"class": "pothole", "picture": picture}
    kind = "application/cloudevents+json"
    return Client(headers=bearer("camera")).post("/cloudevents/", told, content_type=kind)


def by_hash(address, kind):
    def put(hostile):
        sha256 = hashlib.sha256(hostile.data).hexdigest()
        client = Client(headers=bearer(kind))
        return client.put(f"{address}{sha256}", hostile.data, content_type=hostile.declared)

    return put


DOORS = {
    "open311": by_open311,
    "cloudevents": by_event,
    "cloudevents by hash": by_hash("/cloudevents/media/", "camera"),
    "rest": by_hash("/api/v1/media/", "api"),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("label", CHOSEN)
def test_a_hostile_file_meets_the_same_no_at_every_door(camera, door, label):  # noqa: F811
    hostile = FILES[label]
    answer = DOORS[door](hostile)

    if hostile.verdict == "ok":
        assert answer.status_code in {200, 201}, answer.content
        (photo,) = Photo.objects.all()
        assert photo.sha256 == hashlib.sha256(hostile.data).hexdigest()
    else:
        assert answer.status_code in {400, 409, 413, 415, 422}, answer.content
        assert not Photo.objects.exists() and not Find.everything.exists()
        assert not Case.everything.exists()


def test_the_process_that_serves_never_imports_a_decoder():
    program = (
        "import django, os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'changxiao.settings';"
        "django.setup(); import changxiao.wsgi, changxiao.urls;"
        "from changxiao.surfaces.protocols.wechat import jobs;"
        "decoders = ('PIL.JpegImagePlugin', 'PIL.PngImagePlugin', 'PIL.WebPImagePlugin', 'cv2');"
        "print(sorted(set(decoders) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"
