"""Words in two languages for every code that the package can produce."""

import re
from pathlib import Path
from string import Formatter

import pytest

from reckon import prevalence
from reckon.prevalence import labels, methods, panel, plots, refusals, report_words, sentences, wording
from reckon.prevalence.results import Finding, NoEstimate

SOURCE = Path(prevalence.__file__).parent
GROUPS = (sentences.FINDINGS, sentences.QUESTIONS, sentences.ANSWERED, refusals.REFUSALS, labels.LABELS, labels.STAGES)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("group", [*GROUPS, report_words.REPORT])
def test_both_languages_say_something_and_use_the_same_values(group: dict[str, tuple[str, str]]) -> None:
    for code, (english, spanish) in group.items():
        assert english.strip(), code
        assert spanish.strip(), code
        if english != "{sentence}":  # said by the method itself; in Spanish by code
            assert fields(english) == fields(spanish), code
        assert "!" not in english + spanish, code
        assert "víctima" not in spanish, code


def test_every_finding_of_the_panel_has_words() -> None:
    text = "".join((SOURCE / f"{name}.py").read_text() for name in ("panel", "study", "strata", "methods"))
    codes = set(re.findall(r'(?:_pass|_warn|_refuse|Finding)\(\s*"(\w+)"', text))
    codes |= set(re.findall(r'Finding\("(\w+)", "\w+", \w+\)', text))
    codes |= {f"{what}_{how}" for what in ("chosen", "all_pairs") for how in ("estimable", "infinite", "not_estimable")}
    codes |= {"chains_agree", "chains_disagree", "censored_kept", "censored_exceeds", "consistency_partial"}
    codes |= {f"dropped_{why}" for why in ("empty", "duplicate", "holds_all")}
    codes |= {f"list_{what}_moves" for what in ("without", "merged")}
    codes |= {f"linkage_{kind}{how}" for kind in ("false", "missed") for how in ("", "_breaks")}
    codes |= {"nobody", "one_list", "no_overlap"}
    assert len(codes) > 40
    assert codes - {"not_finite"} <= set(sentences.FINDINGS) | set(refusals.REFUSALS)


def test_every_caution_of_every_method_has_spanish_words() -> None:
    text = "".join(path.read_text() for path in SOURCE.glob("*.py"))
    codes = set(re.findall(r'Caution\(\s*"(\w+)"', text)) - {"list_dropped"}
    assert len(codes) > 8
    assert codes <= set(refusals.CAUTIONS)


def test_every_refusal_has_spanish_words() -> None:
    text = "".join(path.read_text() for path in SOURCE.glob("*.py"))
    codes = set(re.findall(r'NotEstimable\(\s*"(\w+)"', text))
    assert len(codes) > 8
    assert codes <= set(refusals.REFUSALS) | set(sentences.FINDINGS)
    for code in codes:
        assert "{" not in wording.refusal(NoEstimate("bic", code, "why"), "es")
        assert wording.refusal(NoEstimate("bic", code, "why"), "en") == "why"


def test_every_method_stage_item_and_verdict_has_a_name() -> None:
    for language in wording.LANGUAGES:
        assert all(wording.method_name(method, language) for method in methods.ORDER)
        assert all(wording.label(code, language) for code in (*panel.CODES, "pass", "warn", "refuse"))
        assert all(wording.question(name, language) for name in panel.ASSUMPTIONS)
        assert {f"{code}_{part}" for code in ("bic", "bootstrap") for part in ("title", "desc")} <= set(
            wording.words(language)
        )
    assert set(labels.METHODS) == set(methods.ORDER)
    assert all(method.paper for method in labels.METHODS.values())
    assert plots.people(None, wording.words("es")) == "ninguna"


def test_numbers_are_readable_in_sentences() -> None:
    wide = Finding(
        "spread_wide",
        "warn",
        {
            "lowest": 11232.6,
            "lowest_from": "threshold:1",
            "highest": 28822.1,
            "highest_from": "model:[12,3]",
            "ratio": 2.566,
        },
    )
    assert wording.sentence(wide) == (
        "Methods and models answer between 11,233 (stepwise at p < 1) and 28,822 (model [12,3]): 2.57 times apart."
    )
    linkage = Finding("linkage_missed", "warn", {"share": 0.055, "total": 90.2, "move_share": -0.1})
    assert "5.5 %" in wording.sentence(linkage, "es")
    assert "-10 %" in wording.sentence(linkage, "es")
    same = {"low_from": 5.0, "low_to": 5.2, "high_from": 9.0, "high_to": 11.0, "ratio": 2.2}
    assert "two answers: 5, and 9 to 11." in wording.sentence(Finding("two_clusters", "warn", same))
    assert wording.sentence(Finding("same_period_no", "warn", {}), "es").startswith("Quien analiza indica")
    assert wording.people(float("inf"), "es") == "sin límite"


def test_a_code_without_words_is_an_error_and_not_a_blank() -> None:
    with pytest.raises(KeyError):
        wording.sentence(Finding("weather", "warn", {}))
