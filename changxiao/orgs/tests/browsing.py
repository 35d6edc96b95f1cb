"""An administrator's browser: form, preview, confirmation; a city of two units and three people."""

from datetime import date

from django.test import Client

from changxiao.ledger.models import Entry
from changxiao.orgs.models import Appointment, Staff
from changxiao.orgs.posts import Post

SINCE = date(2020, 1, 1)
BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(username="wu", post=Post.CITY_ADMIN, name="吴管理", unit=None):
    staff, _made = Staff.objects.get_or_create(username=username, defaults={"name": name})
    Appointment.objects.get_or_create(staff=staff, post=post, unit=unit, since_date=SINCE)
    client = Client()
    client.force_login(staff, BACKEND)
    return client


def opened(client, address):
    """The hidden fields of a form and the values it opens with."""
    form = client.get(address).context["form"]
    told = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in told.items()}


def previewed(client, address, filled, **told):
    """The form sent once: the answer shows what would change."""
    return client.post(address, {**filled, **told, "seen": ""})


def confirmed(client, address, filled, **told):
    """Previewed and confirmed."""
    shown = previewed(client, address, filled, **told)
    assert shown.context and shown.context.get("preview"), errors(shown)
    return client.post(address, {**filled, **told, "seen": shown.context["preview"].seen})


def edit(client, address, **told):
    """Opened, previewed, confirmed."""
    return confirmed(client, address, opened(client, address), **told)


def undo(client, address):
    """The undo page of an edit, confirmed."""
    form = client.get(address).context["form"]
    filled = {name: form[name].value() or "" for name in form.fields}
    return client.post(address, {**filled, "seen": client.get(address).context["preview"].seen})


def changes(response):
    """The preview's lines."""
    return [(c.label, c.before, c.after) for c in response.context["preview"].changes]


def errors(response):
    """What the form says is wrong, by field."""
    form = response.context["form"] if response.context else None
    return (
        {name: list(told) for name, told in form.errors.items()} if form else response.status_code
    )


def entries(stream):
    return Entry.objects.filter(stream=stream).count()
