"""Who may see which people: those the own agency knows."""

from django.db.models import QuerySet

from enlace.base.actor import Actor
from enlace.people.models import ConsentGrant, Person


def visible(viewer: Actor) -> QuerySet[Person]:
    if viewer.is_system:
        return Person.objects.all()
    return Person.objects.filter(known_to__agency_code=viewer.agency_code)


def visible_consents(viewer: Actor) -> QuerySet[ConsentGrant]:
    if viewer.is_system:
        return ConsentGrant.objects.all()
    return ConsentGrant.objects.filter(person__known_to__agency_code=viewer.agency_code)
