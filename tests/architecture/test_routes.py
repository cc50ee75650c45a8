"""One verb in its places: a route, its permission, the roles that hold it, and a name that can be found again."""

import ast

from enlace.base.permissions import PERMISSIONS
from enlace.country import roles
from enlace.country.loader import load
from tests.architecture.routes import API, all_patterns, own_routes
from tests.architecture.source import ENLACE, MODULES, ROOT, python_files, tree

# Addresses of libraries: sign-in (closed before a second factor by the middleware) and the choice of language.
LIBRARIES = ("allauth.", "django.")
# What needs no account is listed here, so that nobody opens a page by leaving something out.
OPEN_TO_ALL = {
    "accounts:join",
    "accounts:recover",
    "intake:inform",
    "intake:come_back",
    "complaints:complain",
    "complaints:come_back",
    "referrals:open",
    "portal:own",
    "releases:start",
    "releases:changes",
    "releases:feed",
    "releases:public",
    "releases:method",
    "releases:data",
    "releases:download",
    "releases:indicator",
}
CASEWORK = {"vault", "portal", "intake", "screening", "cases", "referrals", "complaints", "placements", "assistance"}
NAMES_ONLY = {ENLACE / "base" / "permissions.py", ENLACE / "country" / "roles.py"}


def test_every_address_is_ours_a_known_librarys_or_of_the_api() -> None:
    unknown = [
        name
        for name, path, entry in all_patterns()
        if not entry.callback.__module__.startswith(("enlace.", *LIBRARIES)) and not path.startswith(API)
    ]
    assert unknown == []


def test_every_page_says_who_may_open_it() -> None:
    assert len(own_routes()) > 40
    assert [route.name for route in own_routes() if not hasattr(route.view, "permissions")] == []


def test_a_page_open_to_all_is_a_decision() -> None:
    assert {route.name for route in own_routes() if route.permissions is None} == OPEN_TO_ALL


def test_every_page_is_named_within_its_module() -> None:
    for route in own_routes():
        module = route.view.__module__.split(".")[1]
        assert route.name.startswith(f"{module}:"), route.name
        assert module in MODULES


def test_every_permission_is_asked_for_somewhere() -> None:
    asked = {
        node.value
        for path in python_files(ENLACE)
        if path not in NAMES_ONLY
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and node.value in PERMISSIONS
    }
    assert set(PERMISSIONS) - asked == set()


def test_every_permission_is_held_by_some_role_of_each_country() -> None:
    assert frozenset(PERMISSIONS) == roles.PERMISSIONS
    for pack in sorted(path.parent for path in (ROOT / "countries").glob("*/pack.toml")):
        held = {name for role in load(pack).roles for name in role.permissions}
        assert set(PERMISSIONS) - held == set(), pack.name


def test_no_role_that_manages_accounts_can_open_casework() -> None:
    """The pack's loader refuses such a role; here the doors themselves are asked."""
    casework = [route for route in own_routes() if route.name.split(":")[0] in CASEWORK]
    assert {route.name.split(":")[0] for route in casework} == CASEWORK
    for pack in sorted(path.parent for path in (ROOT / "countries").glob("*/pack.toml")):
        managers = [role for role in load(pack).roles if "USER_MANAGE" in role.permissions]
        assert managers
        for role in managers:
            assert [route.name for route in casework if role.permissions & set(route.permissions or ())] == []
