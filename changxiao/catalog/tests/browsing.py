"""An administrator's browser, and the road of every edit: form, preview, confirmation."""

from datetime import date

from django.test import Client

from changxiao.ledger.models import Entry
from changxiao.orgs.models import Appointment, Staff
from changxiao.orgs.posts import Post

SINCE = date(2020, 1, 1)
BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(username="wu", post=Post.CITY_ADMIN, name="吴管理"):
    staff, _made = Staff.objects.get_or_create(username=username, defaults={"name": name})
    Appointment.objects.get_or_create(staff=staff, post=post, since_date=SINCE)
    client = Client()
    client.force_login(staff, BACKEND)
    return client


def opened(client, address):
    """The hidden fields of a form and the values it opens with."""
    return values(client.get(address).context["form"])


def values(form):
    """What a form carries, as a browser would send it."""
    told = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in told.items()}


def previewed(client, address, filled, **told):
    """The form sent once: the answer shows what would change."""
    return client.post(address, {**filled, **told, "seen": ""})


def confirmed(client, address, filled, **told):
    """Previewed and confirmed."""
    shown = previewed(client, address, filled, **told)
    assert shown.context and shown.context.get("preview"), shown.content.decode()[:3000]
    return client.post(address, {**filled, **told, "seen": shown.context["preview"].seen})


def edit(client, address, **told):
    """Opened, previewed, confirmed."""
    return confirmed(client, address, opened(client, address), **told)


def undone(client, address):
    """An undo, previewed where it is opened and then confirmed."""
    shown = client.get(address)
    filled = values(shown.context["form"])
    return client.post(address, {**filled, "seen": shown.context["preview"].seen})


def changes(response):
    """The preview's lines."""
    return [(c.label, c.before, c.after) for c in response.context["preview"].changes]


def entries(stream):
    return Entry.objects.filter(stream=stream).count()
