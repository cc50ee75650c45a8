import pytest

from enlace.base.actor import Actor
from tests.vault.material import actor


@pytest.fixture
def bruno(db: None) -> Actor:
    """Case coordinator at the prosecutor's office: may do everything with identity, whereabouts included."""
    return actor("bruno", "prosecutor-north", "R06")


@pytest.fixture
def alma(db: None) -> Actor:
    """First responder of another agency: reads and writes identity, no whereabouts."""
    return actor("alma", "police-north", "R02")


@pytest.fixture
def carla(db: None) -> Actor:
    """Service provider: reads identity that was shared with her agency."""
    return actor("carla", "ngo-harbour", "R08")


@pytest.fixture
def elena(db: None) -> Actor:
    """Statistician: never reads identity."""
    return actor("elena", "commission", "R17")


@pytest.fixture
def gema(db: None) -> Actor:
    """Auditor: sees who read what, never the content."""
    return actor("gema", "commission", "R18")
