from django.db import models
from django.db.models import F, Q

from enlace.base.classes import classify
from enlace.base.ids import new_id
from enlace.directory.rules import FACTS

CONTACT_KINDS = ("phone", "email", "web")
PUBLIC, AGENCIES = "public", "agencies"  # who may read a contact; what nobody else may read is sealed in the vault


class ServiceOffer(models.Model):
    """One service of the pack's list that an agency offers in a state; never an address."""

    id = models.UUIDField(primary_key=True, default=new_id)
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="offers")
    service_code = models.CharField(max_length=20)
    state_code = models.CharField(max_length=10, blank=True)
    is_open = models.BooleanField(default=True)
    confirmed_at = models.DateTimeField()

    data_classes = classify(H="id agency service_code state_code is_open confirmed_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "service_code", "state_code"], name="directory_offer_once")
        ]
        indexes = [models.Index(fields=["service_code", "state_code"], name="directory_by_service")]


class Site(models.Model):
    """A place where an agency helps, by a neutral name and its state. Where it is stands in the vault, sealed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="sites")
    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=120)
    kind_code = models.CharField(max_length=40)
    state_code = models.CharField(max_length=10)
    security_code = models.CharField(max_length=20)
    is_secret = models.BooleanField(default=True)
    accepts_trafficking = models.BooleanField(default=True)
    may_go_out_alone = models.BooleanField(default=True)
    only_while_trial = models.BooleanField(default=False)
    max_stay_days = models.PositiveIntegerField(null=True, blank=True)
    extension_days = models.PositiveIntegerField(null=True, blank=True)
    language_codes = models.JSONField(default=list)
    accessibility_codes = models.JSONField(default=list)
    hours = models.CharField(max_length=200, blank=True)
    funding_code = models.CharField(max_length=40, blank=True)
    inspected_on = models.DateField(null=True, blank=True)
    is_open = models.BooleanField(default=True)
    place_record_id = models.UUIDField(null=True, blank=True)  # of the vault's record that holds the address
    updated_at = models.DateTimeField()

    data_classes = classify(
        H="id agency code name kind_code state_code security_code is_secret accepts_trafficking may_go_out_alone "
        "only_while_trial max_stay_days extension_days language_codes accessibility_codes hours funding_code "
        "inspected_on is_open updated_at",
        S="place_record_id",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="directory_site_has_a_name"),
            models.CheckConstraint(
                condition=Q(max_stay_days__isnull=True, extension_days__isnull=True)
                | Q(max_stay_days__gt=0, extension_days__isnull=True)
                | Q(max_stay_days__isnull=False, max_stay_days__gt=0, extension_days__gt=0),
                name="directory_stay_has_a_length",
            ),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="directory_site_by_name"),
            models.Index(fields=["state_code", "name", "id"], name="directory_site_by_state"),
            models.Index(fields=["agency", "name", "id"], name="directory_site_of_agency"),
        ]

    def __str__(self) -> str:
        return self.code


class SiteContact(models.Model):
    """How to reach a site: for everybody, or for agencies. What only the house may know is in the vault."""

    id = models.UUIDField(primary_key=True, default=new_id)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField(max_length=10)
    value = models.CharField(max_length=200)
    confidentiality = models.CharField(max_length=10, default=AGENCIES)

    data_classes = classify(H="id site kind value confidentiality")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "kind", "value"], name="directory_contact_once"),
            models.CheckConstraint(condition=Q(kind__in=CONTACT_KINDS), name="directory_contact_kind_known"),
            models.CheckConstraint(
                condition=Q(confidentiality__in=(PUBLIC, AGENCIES)), name="directory_contact_never_sealed_here"
            ),
        ]


class Programme(models.Model):
    """One service that a site gives."""

    id = models.UUIDField(primary_key=True, default=new_id)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="programmes")
    service_code = models.CharField(max_length=20)
    is_open = models.BooleanField(default=True)

    data_classes = classify(H="id site service_code is_open")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "service_code"], name="directory_programme_once")]
        indexes = [models.Index(fields=["service_code", "is_open"], name="directory_programme_by_code")]


class BedUnit(models.Model):
    """Beds that are kept together: a corridor, a family room, a house. Its vacancies carry the age of their last check."""

    id = models.UUIDField(primary_key=True, default=new_id)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="units")
    name = models.CharField(max_length=60)
    is_open = models.BooleanField(default=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=60, blank=True)

    data_classes = classify(H="id site name is_open confirmed_at confirmed_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "name"], name="directory_unit_named_once"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by="")
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by="")),
                name="directory_confirmed_by_someone",
            ),
        ]


class Bed(models.Model):
    """One bed. It is never removed, since somebody may have slept in it: it goes out of service, with the reason."""

    id = models.UUIDField(primary_key=True, default=new_id)
    unit = models.ForeignKey(BedUnit, on_delete=models.PROTECT, related_name="beds")
    number = models.PositiveIntegerField()
    out_of_service_since = models.DateTimeField(null=True, blank=True)
    out_of_service_reason_code = models.CharField(max_length=40, blank=True)

    data_classes = classify(H="id unit number out_of_service_since out_of_service_reason_code")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="directory_bed_numbered_once"),
            models.CheckConstraint(
                condition=Q(out_of_service_since__isnull=True, out_of_service_reason_code="")
                | (Q(out_of_service_since__isnull=False) & ~Q(out_of_service_reason_code="")),
                name="directory_bed_out_with_reason",
            ),
        ]


class Criterion(models.Model):
    """One condition for being taken, of a site or of one of its units; what it means is told in ``rules``."""

    id = models.UUIDField(primary_key=True, default=new_id)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="criteria")
    unit = models.ForeignKey(BedUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="criteria")
    must = models.BooleanField()
    fact = models.CharField(max_length=20)
    values = models.JSONField(default=list)
    least = models.PositiveIntegerField(null=True, blank=True)
    most = models.PositiveIntegerField(null=True, blank=True)
    basis = models.CharField(max_length=200, blank=True)

    data_classes = classify(H="id site unit must fact values least most basis")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(fact__in=FACTS), name="directory_criterion_fact_known"),
            models.CheckConstraint(
                condition=Q(least__isnull=True) | Q(most__isnull=True) | Q(most__gte=F("least")),
                name="directory_criterion_span_forward",
            ),
        ]


class Agreement(models.Model):
    """That a state may send people to another one: to every site there or to one, for every service or for one."""

    id = models.UUIDField(primary_key=True, default=new_id)
    from_state = models.CharField(max_length=10)
    to_state = models.CharField(max_length=10)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="agreements")
    service_code = models.CharField(max_length=20, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=200)

    data_classes = classify(H="id from_state to_state site service_code valid_from valid_to basis")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(from_state=F("to_state")), name="directory_agreement_of_two_states"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="directory_agreement_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["valid_from", "valid_to"], name="directory_agreement_in_force")]
