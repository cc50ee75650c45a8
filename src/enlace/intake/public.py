"""Pages for people without an account: one question a page, then a number with which they can come back.

What has been answered travels sealed (AES-256-GCM, ``base.keyring``) in a hidden field of the form itself, from page to
page. The other ways were worse: a session needs a cookie and leaves a row on the server, a draft needs a name to be found
by, and plain hidden fields would show everything to whoever opens the page's source on a shared machine. So these
pages set no cookie at all, and nothing is stored before it is sent; only files are, sealed, for a few hours.

They hold no token against forged requests either: there is no session that another page could abuse. Each sending has
its own token, so that one sent twice acts once.
"""

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from enlace.accounts.access import Request, View, public
from enlace.base import keyring
from enlace.base.errors import EnlaceError, Refusal
from enlace.base.ids import new_id
from enlace.base.keyring import KeyUnavailable
from enlace.country.labels import language
from enlace.country.queries import current
from enlace.intake import effort, receipts
from enlace.intake.files import ACCEPTED, TYPES, Clean, InMemory, clean, max_bytes, max_count, read_all, too_large

PURPOSE = "intake.public"
LIFE = timedelta(hours=2)
MOST_TYPED = 20_000  # characters of one page
MOST_KEPT = 400_000  # characters of the hidden field
UNREADABLE = "\ufffd"  # what Django leaves in place of bytes that are no UTF-8
CHECK = "check"


@dataclass(frozen=True)
class Question:
    """One page. ``form`` is made anew for each request, so that it speaks the reader's language."""

    name: str
    form: Callable[..., forms.Form]
    takes_files: bool = False


@dataclass(repr=False)
class Kept:
    """What travels with the form: answers as they were typed, the number that will be the receipt, files held."""

    flow: str
    typed: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    number: str = field(default_factory=receipts.new_number)
    token: str = field(default_factory=lambda: str(new_id()))
    files: list[str] = field(default_factory=list)  # the kinds of those held
    is_paid: bool = False  # the effort was made
    is_checked: bool = False  # the person has seen all answers and came back to change one

    def sealed(self) -> str:
        """For the hidden field; an answer far too long stays on its own page, where the error is, and is not carried."""
        carried = {name: typed for name, typed in self.typed.items() if len(str(typed)) <= MOST_TYPED}
        return sealed({"kept": {**vars(self), "typed": carried}})


@dataclass(frozen=True)
class Frame:
    """Where a page stands: whose pages these are, and what all of them need to be shown."""

    flow: str  # report | complaint
    url: str
    follow_url: str
    title: object  # of every page: it says nothing to whoever looks over a shoulder


def discreet(view: View) -> View:
    """A page of this kind: no cookie, nothing kept by the browser, no address told to the next page, files in memory."""

    @wraps(view)
    def door(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        request.upload_handlers = [InMemory(request)]
        try:
            _speak(request)
            response = view(request, *args, **kwargs)
        except EnlaceError as error:  # the page that the middleware would make is for accounts, and sets a cookie
            response = _problem(request, str(error.reason), error.status)
        except (SuspiciousOperation, MultiPartParserError):
            response = _problem(request, _("What was sent did not arrive whole. Go back and send it again."), 400)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return public(csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(door)))


def _speak(request: Request) -> None:
    """Use the language that the form asks for."""
    wanted = request.POST.get("to_lang") or request.POST.get("lang") or request.GET.get("lang", "")
    if wanted in dict(settings.LANGUAGES):
        translation.activate(wanted)


def _problem(request: Request, reason: str, status: int) -> HttpResponse:
    told = {"title": _("Information"), "reason": reason}
    return render(request, "intake/public/problem.html", told, status=status)


def sealed(values: Mapping[str, Any]) -> str:
    """Values for a hidden field: nobody reads or changes them, and they run out."""
    return keyring.seal(PURPOSE, json.dumps({**values, "made": timezone.now().timestamp()}, ensure_ascii=False))


def unsealed(text: str) -> dict[str, Any] | None:
    """What ``sealed`` hid; ``None`` when it was changed or has run out."""
    if not text or len(text) > MOST_KEPT:
        return None
    try:
        found: dict[str, Any] = json.loads(keyring.unseal(PURPOSE, text))
    except KeyUnavailable:
        return None
    made = found.pop("made")
    return found if timezone.now().timestamp() - made < LIFE.total_seconds() else None


def kept_of(request: Request, flow: str) -> Kept | None:
    """What the form brought back; ``None`` when it is another form's, was changed or has run out."""
    found = unsealed(request.POST.get("kept", ""))
    values = (found or {}).get("kept")
    return Kept(**values) if values and values["flow"] == flow else None


def typed(request: Request, form: forms.Form) -> dict[str, list[str]]:
    """What was typed into the fields of the form."""
    return {name: request.POST.getlist(name) for name in form.fields if name in request.POST}


def bound(question: Question, kept: Kept) -> forms.Form:
    """The question's form with what was typed before."""
    data = QueryDict(mutable=True)
    for name, values in kept.typed.get(question.name, {}).items():
        data.setlist(name, values)
    form = question.form(data=data)
    if any(UNREADABLE in value for values in kept.typed.get(question.name, {}).values() for value in values):
        form.add_error(None, _("Some characters did not arrive as they were typed. Write them again."))
    return form


def said(questions: Sequence[Question], kept: Kept) -> dict[str, Any]:
    """All answers, cleaned. Raises ``Refusal`` when one of them does not hold any more."""
    found: dict[str, Any] = {}
    for question in questions:
        form = bound(question, kept)
        if not form.is_valid():
            raise Refusal(_("One of the answers is missing. Go back and look at each page."))
        found |= form.cleaned_data
    return found


def uploads(request: Request, name: str = "attached") -> tuple[list[Clean], list[str]]:
    """The files sent along, made anew, and what is wrong with those that cannot be taken; none is named."""
    good: list[Clean] = []
    problems: list[str] = []
    for number, data in enumerate(read_all(request.FILES.getlist(name)), start=1):
        try:
            good.append(clean(data))
        except Refusal as refusal:
            problems.append(_("File %(number)d: %(reason)s") % {"number": number, "reason": refusal.reason})
    for _left_out in range(getattr(request, "over_limit", 0)):
        problems.append(f"{too_large().reason} {_('%(most)d files are the most.') % {'most': max_count()}}")
    return good, problems


class EffortForm(forms.Form):
    """What a sending costs: the puzzle that the script solves, or a plain question."""

    challenge = forms.CharField(widget=forms.HiddenInput, max_length=400)
    solution = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)
    plain = forms.CharField(required=False, max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, data: Mapping[str, str] | None = None, *, asked: effort.Demand) -> None:
        read = effort.read_challenge(data.get("challenge", "")) if data is not None else None
        self.is_stale = data is not None and read is None
        self.puzzle = read or effort.new_challenge(asked)
        self.question = _plain_question(self.puzzle)
        if data is not None:
            given = {name: data.get(name, "") for name in ("solution", "plain")} if read else {}
            data = {**given, "challenge": self.puzzle.text}
        super().__init__(data, initial={"challenge": self.puzzle.text})
        self.use_required_attribute = False
        self.fields["plain"].required = data is None
        self.fields["plain"].label = self.question.label(language())
        self.fields["plain"].help_text = _("So that no program sends thousands of messages. Nothing is kept about you.")

    def is_paid(self) -> bool:
        """Whether the puzzle is solved, or the question answered after the wait; adds the error when not."""
        paid = self._is_paid()
        self.fields[
            "plain"
        ].required = True  # whoever sees the question has to answer it; who solved the puzzle does not
        return paid

    def _is_paid(self) -> bool:
        if not self.is_valid() or self.is_stale:
            self.add_error(None, _("The page was open too long. Nothing is lost: send it again."))
        elif effort.is_solved(self.puzzle, self.cleaned_data["solution"]):
            return True
        elif _plainly(self.cleaned_data["plain"]) not in self.question.extra["answer"].split(";"):
            self.add_error("plain", _("Answer this question, in one word."))
        elif not effort.has_waited(self.puzzle):
            seconds = self.puzzle.demand.seconds
            self.add_error(None, _("Please wait %(seconds)d seconds and send it again.") % {"seconds": seconds})
        else:
            return True
        return False


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesForm(forms.Form):
    """Files of the kinds that can be taken. What is sent is read by ``uploads``; the field shows and carries errors."""

    attached = forms.FileField(
        label=gettext_lazy("Photographs or documents"), required=False, widget=SeveralFiles(attrs={"accept": ACCEPTED})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = _("JPEG, PNG or WebP pictures, PDF or plain text; %(count)d at most, each up to %(size)d MB.")
        hidden = _("Names, places and dates that a camera or a program wrote into them are removed.")
        limits = {"count": max_count(), "size": max_bytes() // 1024 // 1024}
        self.fields["attached"].help_text = f"{kinds % limits} {hidden}"


class NumberForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Receipt number"),
        help_text=gettext_lazy("Sixteen digits; spaces do not matter."),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
    )


class AddForm(FilesForm):
    """Something more to tell."""

    field_order = ("text", "attached")
    text = forms.CharField(
        label=gettext_lazy("What do you want to add or answer?"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
    )


def page(request: Request, template: str, frame: Frame, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """Render one of these pages."""
    codes = [code for code, _name in settings.LANGUAGES if code != translation.get_language()]
    other = [(code, translation.get_language_info(code)["name_local"].capitalize()) for code in codes]
    shown = {
        "frame": frame,
        "lang": translation.get_language(),
        "other_languages": other,
        "emergency": current().head.emergency_phone,
        **context,
    }
    return render(request, template, shown, status=status)


def forget(request: Request, response: HttpResponse) -> HttpResponse:
    """Ask the browser to drop all that it kept of this site, unless somebody works here with an account."""
    if request.actor is None:
        response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME):
            if name in request.COOKIES:
                response.delete_cookie(name)
    return response


def attachment(kind: str, data: bytes) -> HttpResponse:
    """A file of a report as a download that runs nothing."""
    content_type, ending = TYPES[kind]
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="file.{ending}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _plain_question(challenge: effort.Challenge) -> Any:
    listed = list(current().codes("plain_question"))
    return listed[challenge.token.int % len(listed)]


def _plainly(text: str) -> str:
    """Lower case, without accents or spaces around."""
    parts = unicodedata.normalize("NFD", text.strip().casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))
