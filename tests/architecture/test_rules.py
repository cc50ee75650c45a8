"""Every ``rules.py`` or package ``rules`` has its own tests; ``./run check`` measures that they take every branch of it."""

from tests.architecture.source import ENLACE, ROOT


def test_every_module_with_rules_has_tests_of_them() -> None:
    modules = [path.parent.name for path in sorted([*ENLACE.glob("*/rules.py"), *ENLACE.glob("*/rules/")])]
    assert len(modules) > 8
    assert [name for name in modules if not list((ROOT / "tests" / name).glob("test_rules*.py"))] == []
