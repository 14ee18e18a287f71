"""The entry of the web server; everything is loaded before the first request comes."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulou.config.settings")

application = get_wsgi_application()
# Django would load the doors at the first request, which took seconds under load.
loaded = get_resolver().url_patterns
