"""The addresses for programs that no OpenAPI of ours describes, described: Open311, the phone's
sync, CloudEvents, WeChat's callback. Loose on purpose: what breaks is rarely what fits."""

from changxiao.cases import verbs
from changxiao.cases.reporting import ReportIn
from changxiao.surfaces.field.sync import VERBS
from changxiao.surfaces.protocols.cloudevents.reading import TYPE, FindIn

TEXT = {"type": "string", "maxLength": 60}
HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
MOMENT = {"anyOf": [{"type": "string", "format": "date-time"}, TEXT]}
NUMBER = {"anyOf": [{"type": "number"}, TEXT]}
FORMAT = {"type": "string", "enum": ["json", "xml", "csv", "x"]}
V2 = "/open311/v2"
NUMBERED = {"enum": ["", "202603029999", "x"]}
GEO_FIELDS = {
    "jurisdiction_id": {"type": "string", "enum": ["440500", "shantou", "elsewhere"]},
    "service_code": {"type": "string", "enum": ["e9799", "e9798", "x"]},
    "lat": NUMBER,
    "long": NUMBER,
    "address_string": TEXT,
    "address_id": TEXT,
    "description": TEXT,
    "email": TEXT,
    "phone": TEXT,
    "first_name": TEXT,
    "last_name": TEXT,
    "media_url": TEXT,
    "attribute[a]": TEXT,
    "attribute[a][]": {"type": "array", "items": TEXT, "maxItems": 3},
}
ASKED = {
    **{name: GEO_FIELDS[name] for name in ("jurisdiction_id", "service_code", "lat", "long")},
    **{f"{name}_{end}": MOMENT for name, end in (("start", "date"), ("end", "date"))},
    **{f"updated_{end}": MOMENT for end in ("after", "before")},
    "service_request_id": NUMBERED,
    "status": {"type": "string", "enum": ["open", "closed", "open,closed", "x"]},
    **{name: NUMBER for name in ("radius", "page", "page_size")},
    **{name: {"type": "boolean"} for name in ("extensions", "extended_statuses")},
}
UPDATE = {"service_request_id": NUMBERED, "description": TEXT, "status": TEXT, "media_url": TEXT}
REF = "#/components/schemas/{model}"
FIND = FindIn.model_json_schema(by_alias=True, ref_template=REF)
EVENT_TYPES = ("application/cloudevents+json", "application/cloudevents-batch+json")
EVENT = {
    "type": "object",
    "required": ["id", "source", "type", "specversion"],
    "properties": {
        "id": TEXT,
        "source": TEXT,
        "specversion": {"enum": ["1.0"]},
        "type": {"enum": [TYPE, "other"]},
        "time": MOMENT,
        "subject": TEXT,
        "datacontenttype": {"enum": ["application/json", "image/png"]},
        "data": {"anyOf": [FIND, TEXT, {"type": "array"}]},
    },
}


def _in(where, fields, required=False):
    return [
        {"name": name, "in": where, "required": required or where == "path", "schema": schema}
        for name, schema in fields.items()
    ]


def _asks(fields=None, **path):
    """A GET with such a query."""
    told = _in("path", path) + _in("query", fields or {})
    return {"parameters": told, "responses": {"200": {"description": "ok"}}}


def _sends(kinds, query=None, header=None, **path):
    """A request with a body of one of these kinds; `header`: what must come besides."""
    told = _in("path", path) + _in("query", query or {}) + _in("header", header or {}, True)
    body = {"content": {kind: {"schema": schema} for kind, schema in kinds.items()}}
    return {
        "parameters": told,
        "requestBody": body,
        "responses": {"200": {"description": "ok"}},
    }


def _form(fields):
    schema = {"type": "object", "properties": fields}
    return {"application/x-www-form-urlencoded": schema, "multipart/form-data": schema}


def _json(model):
    """Its schema, where `$ref` points into the document's own definitions; of ours where random
    words and places would be refused before anything else was read."""
    told = model.model_json_schema(ref_template=REF)
    told["properties"] |= {k: v for k, v in OURS.items() if k in told["properties"]}
    return {"application/json": told}


OURS = {
    "subcategory": {"enum": ["e9799", "x"]},
    "lon": {"anyOf": [{"enum": [116.703]}, {"type": "number"}]},
    "lat": {"anyOf": [{"enum": [23.365]}, {"type": "number"}]},
    "occurred_at": {"enum": ["2026-03-02T09:00:00+08:00", None, "3000-01-01T00:00:00Z"]},
    "photos": {"enum": [[], [], [{"sha256": "0" * 64, "role": "before"}]]},
    "on_behalf": {"enum": ["", "", "li"]},
}


def _bytes(kind):
    return {kind: {"type": "string", "format": "binary"}}


KEY = {
    "Idempotency-Key": {"type": "string", "pattern": "^[0-9a-f]{8}-0000-4000-8000-000000000001$"}
}
KNOWN = {"enum": ["e9799", "x"]}
STEP = "/field/sync/cases/{number}/"
PIECE = {
    "Content-Range": {"type": "string", "pattern": "^bytes [0-9]{1,13}-[0-9]{1,3}/[0-9]{1,13}$"}
}
SIGNED = {name: TEXT for name in ("signature", "msg_signature", "nonce", "echostr", "timestamp")}
PATHS = {
    "/open311/discovery.{fmt}": {"get": _asks(fmt=FORMAT)},
    f"{V2}/services.{{fmt}}": {"get": _asks(ASKED, fmt=FORMAT)},
    f"{V2}/services/{{code}}.{{fmt}}": {"get": _asks(ASKED, code=KNOWN, fmt=FORMAT)},
    f"{V2}/requests.csv": {"get": _asks(ASKED)},
    f"{V2}/requests.{{fmt}}": {
        "get": _asks(ASKED, fmt=FORMAT),
        "post": _sends(_form(GEO_FIELDS), fmt=FORMAT),
    },
    f"{V2}/requests/{{number}}.{{fmt}}": {"get": _asks(ASKED, number=NUMBERED, fmt=FORMAT)},
    f"{V2}/tokens/{{token}}.{{fmt}}": {"get": _asks(token=TEXT, fmt=FORMAT)},
    f"{V2}/servicerequestupdates.{{fmt}}": {
        "get": _asks(ASKED, fmt=FORMAT),
        "post": _sends(_form(UPDATE), fmt=FORMAT),
    },
    "/open311/{rest}": {"get": _asks(rest=TEXT)},
    "/field/sync/hello": {"get": _asks()},
    "/field/sync/today": {"get": _asks({"since": TEXT})},
    "/field/sync/ground": {"get": _asks({"lon": NUMBER, "lat": NUMBER})},
    "/field/sync/reports": {"post": _sends(_json(ReportIn), header=KEY)},
    "/field/sync/media/{sha256}": {
        "head": _asks(sha256=HASH),
        "put": _sends(_bytes("image/jpeg"), header=PIECE, sha256=HASH),
    },
    **{
        f"{STEP}{verb}": {
            "post": _sends(_json(verbs.VERBS[verb].takes), header=KEY, number=NUMBERED)
        }
        for verb in VERBS
    },
    "/cloudevents/": {
        # Under `EVENT_TYPES` by turns: a kind of body that its library cannot write it leaves out.
        "post": _sends(
            {"application/json": {"anyOf": [EVENT, {"type": "array", "items": EVENT}]}},
        )
    },
    "/cloudevents/schema.json": {"get": _asks()},
    "/cloudevents/media/{sha256}": {"put": _sends(_bytes("image/png"), sha256=HASH)},
    "/wechat/{name}": {
        "get": _asks(SIGNED, name={"type": "string", "enum": ["town", "other"]}),
        "post": _sends(
            {"text/xml": {"type": "string", "format": "binary"}},
            query=SIGNED | {"encrypt_type": {"enum": ["aes", "raw"]}},
            name={"type": "string", "enum": ["town", "other"]},
        ),
    },
}


def document(number):
    """It all, as one OpenAPI document; half of what asks for a case asks for that one."""
    NUMBERED["enum"][0] = number
    parts = {}
    for model in (ReportIn, FindIn, *(verbs.VERBS[verb].takes for verb in VERBS)):
        parts |= model.model_json_schema(by_alias=True, ref_template=REF).get("$defs", {})
    info = {"title": "beside", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": PATHS, "components": {"schemas": parts}}
