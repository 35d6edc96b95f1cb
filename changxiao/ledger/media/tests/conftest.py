"""Media tests: a home of its own for each test, one known uploader, one known Monday."""

import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from changxiao.kernel.act import Act
from changxiao.ledger.media import actions
from changxiao.ledger.media.tests import corpus

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("CHANGXIAO_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def act():
    """Acts of 监督员 wang on the Monday; each label is another act."""

    def make(label="act", *, post="collector", actor="wang", at=MONDAY):
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, label))
        return Act(actor=actor, post=post, key=key, at=at, origin="demo")

    return make


@pytest.fixture
def store(db, own_home, act):
    """Store a JPEG as a phone would send it."""

    def put(data=None, label="act", **options):
        data = data or corpus.with_exif(corpus.exif_block())
        return actions.store(
            data, declared_type="image/jpeg", name="IMG_0001.jpg", act=act(label), **options
        )

    return put
