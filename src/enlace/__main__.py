"""``python -m enlace`` is the ``enlace`` command."""

import sys

from enlace.cli import main

sys.exit(main())
