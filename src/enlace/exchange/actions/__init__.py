"""Every file in and out: cases and figures, and the directory."""

from enlace.exchange.actions.files import MARK, Imported, export_htcds, import_ctdc, import_htcds, import_sesnsp
from enlace.exchange.actions.places import Change, Compared, export_directory, import_directory, take_directory

__all__ = [
    "MARK",
    "Change",
    "Compared",
    "Imported",
    "export_directory",
    "export_htcds",
    "import_ctdc",
    "import_directory",
    "import_htcds",
    "import_sesnsp",
    "take_directory",
]
