"""The translation catalogues: sentences found in the source, kept in ``.po`` files, compiled without GNU gettext.

English is the language of the source. Each other language of the settings has one catalogue under ``LOCALE_PATHS``. The
files name no line, date or path, so that they change only when a sentence does.
"""

import ast
import io
import os
from collections.abc import Collection, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

SOURCE_LANGUAGE = "en"
# How many texts each call carries: one, or a singular and a plural. An error is read by the person in front of the
# screen, so its sentence counts too; the rules, which know no Django, have no other way to mark theirs.
CALLS = {
    "_": 1,
    "gettext": 1,
    "gettext_lazy": 1,
    "ngettext": 2,
    "ngettext_lazy": 2,
    "Refusal": 1,
    "Forbidden": 1,
    "Missing": 1,
}
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""

Sentence = str | tuple[str, str]  # a sentence, or its singular and plural


def sentences(root: Path | None = None) -> set[Sentence]:
    """Every sentence that the application shows, from its Python files and templates (or those under ``root``)."""
    root = root or settings.ROOT / "src" / "enlace"
    found: set[Sentence] = set()
    for path in sorted(root.rglob("*.py")):
        if "migrations" not in path.parts:
            found.update(in_python(path.read_text()))
    for path in sorted(root.rglob("templates/**/*.html")):
        found.update(in_template(path.read_text(), str(path.relative_to(root))))
    return found


def in_python(source: str) -> Iterator[Sentence]:
    """The literal sentences given to one of ``CALLS``."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        wanted = CALLS.get(name, 0)
        texts = [a.value for a in node.args[:wanted] if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if wanted and len(texts) == wanted:
            yield texts[0] if wanted == 1 else (texts[0], texts[1])


def in_template(source: str, name: str) -> Iterator[Sentence]:
    """The sentences of the translation tags of a Django template."""
    text = "\n".join(line.strip() for line in templatize(source, name).splitlines())
    for _line, found, _comments, _context in extract("python", io.BytesIO(text.encode()), DEFAULT_KEYWORDS):
        yield found if isinstance(found, str) else (found[0], found[1])


def catalogue_files() -> dict[str, Path]:
    """Language -> catalogue, for every language but that of the source."""
    folder = Path(settings.LOCALE_PATHS[0])
    languages = [language for language, _name in settings.LANGUAGES if language != SOURCE_LANGUAGE]
    return {language: folder / language / "LC_MESSAGES" / "django.po" for language in languages}


def read(path: Path, language: str) -> Catalog:
    """The catalogue as it stands, empty when there is no file. Raises ``PoFileError`` for one that cannot be read."""
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, ignore_obsolete=True, abort_invalid=True)


def update(path: Path, language: str, found: Collection[Sentence]) -> Catalog:
    """Write the catalogue with exactly the sentences found, those already translated as they are."""
    before, after = read(path, language), Catalog(locale=language)
    for sentence in found:
        known = before.get(sentence)
        after.add(sentence, known.string if known else "")
    body = io.BytesIO()
    write_po(body, after, width=0, omit_header=True, sort_output=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    header = HEADER.format(language=language, plural_forms=after.plural_forms)
    _replace(path, header.encode() + body.getvalue().lstrip(b"\n"))
    return after


def untranslated(catalogue: Catalog, found: Collection[Sentence]) -> list[str]:
    """The sentences that the catalogue lacks, or translates with other gaps (``%(name)s``) than they have."""
    lacking = [sentence for sentence in found if not _is_translated(catalogue, sentence)]
    wrong = [message.id for message, _errors in catalogue.check() if message.id]
    return sorted({str(sentence) for sentence in [*lacking, *wrong]})


def compile_all() -> list[Path]:
    """Compile each catalogue that is newer than its compiled form; returns those written."""
    written = []
    for language, path in catalogue_files().items():
        target = path.with_suffix(".mo")
        if path.exists() and (not target.exists() or target.stat().st_mtime_ns < path.stat().st_mtime_ns):
            compiled = io.BytesIO()
            write_mo(compiled, read(path, language))
            _replace(target, compiled.getvalue())
            written.append(target)
    return written


def _is_translated(catalogue: Catalog, sentence: Sentence) -> bool:
    message = catalogue.get(sentence)
    if message is None:
        return False
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


def _replace(path: Path, content: bytes) -> None:
    """Another process may be reading the file, or writing the same one."""
    coming = path.with_name(f"{path.name}.{os.getpid()}")
    coming.write_bytes(content)
    coming.replace(path)
