"""WSGI entry for granian (synchronous views: stack.md section 4, rule 1)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "changxiao.settings")
application = get_wsgi_application()
