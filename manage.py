"""Django's own commands; everything a person needs is under `changxiao`."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "changxiao.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
