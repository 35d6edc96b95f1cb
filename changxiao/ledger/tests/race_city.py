"""A city of its own for test_races: twenty threads append to a real SQLite file at once."""

# ruff: noqa: E402 - Django is set up before its models can be imported

import os
import sys
import threading
from collections import Counter

os.environ["DJANGO_SETTINGS_MODULE"] = "changxiao.settings"
os.environ.pop("DATABASE_URL", None)

import django

django.setup()

from django.core.management import call_command
from django.db import connections

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import Replayed

COUNT = 20


def write(stream, key, head):
    with writing():
        actions.append(stream=stream, verb="v", act=Act(actor="a", key=key), body={}, head=head)


def attempt(storm, number, head):
    if storm == "same_key":
        write(f"case:{number}", "the-key", None)
    elif storm == "same_place":
        write("case:1", f"key-{number}", head)
    else:
        write(f"case:{number}", f"key-{number}", None)


def main(storm):
    call_command("migrate", "ledger", verbosity=0, skip_checks=True)
    head = None
    if storm == "same_place":
        write("case:1", "first", None)
        head = Entry.objects.get()
    outcome = Counter()
    start = threading.Barrier(COUNT)

    def thread(number):
        start.wait()
        try:
            attempt(storm, number, head)
            outcome["won"] += 1
        except Replayed:
            outcome["replayed"] += 1
        except Refused as no:
            outcome[no.code] += 1
        finally:
            connections.close_all()

    threads = [threading.Thread(target=thread, args=(number,)) for number in range(COUNT)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    counts = [f"{name} {count}" for name, count in sorted(outcome.items(), reverse=True)]
    sys.stdout.write(" ".join([*counts, f"entries {Entry.objects.count()}"]) + "\n")


main(sys.argv[1])
