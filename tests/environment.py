"""Loaded before Django (``-p tests.environment``): every test process has its own home and the fictional country."""

import atexit
import os
import shutil
import tempfile

home = tempfile.mkdtemp(prefix="enlace-test-")
atexit.register(shutil.rmtree, home, ignore_errors=True)
os.environ["ENLACE_HOME"] = home
os.environ["ENLACE_COUNTRY"] = "xx"
os.environ["ENLACE_LANGUAGE"] = "en"
os.environ["DJANGO_SETTINGS_MODULE"] = "enlace.settings"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser tests' driver runs an event loop in the test's thread
os.environ.pop("ENLACE_MASTER_KEY", None)

from hypothesis import settings  # noqa: E402 - after the environment is set

# Time is measured in bench/, never by a test; a red test prints what reproduces it.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")
