"""What the worker does: one estimation, from its stored captures to its stored study."""

from uuid import UUID

from django.utils.translation import gettext_noop
from django_tasks import task

from enlace.base.actor import Actor
from enlace.country.queries import current
from enlace.prevalence import actions, queries, rules
from enlace.prevalence.captures import COVARIATES
from enlace.prevalence.models import Estimation
from reckon.prevalence import BadCaptures, NotEstimable
from reckon.prevalence.results import Study
from reckon.prevalence.strata import Rates, separate_rates
from reckon.prevalence.study import with_options

WORKER = Actor.system("worker")


class Cancelled(Exception):
    """The analyst does not want it any more."""


@task()
def compute(estimation_id: str) -> None:
    """Compute one estimation and store what came of it. Safe to be called twice: the second finds nothing to do."""
    pk = UUID(estimation_id)
    row = actions.begin_estimation(by=WORKER, estimation_id=pk)
    if row is None:
        return
    try:
        actions.finish_estimation(by=WORKER, estimation_id=pk, study=_study(row), rates=_rates(row))
    except Cancelled:
        return
    except (BadCaptures, NotEstimable) as error:
        actions.fail_estimation(by=WORKER, estimation_id=pk, reason=str(error))
    except Exception:
        reason = gettext_noop("The computation stopped because of an error of the program. Tell your administrator.")
        actions.fail_estimation(by=WORKER, estimation_id=pk, reason=reason)
        raise


def _study(row: Estimation) -> Study:
    def tell(stage: str, done: int, total: int) -> None:
        queries.tell_progress(row.pk, stage, done, total)
        if queries.status_of(row.pk) != rules.RUNNING:
            raise Cancelled

    return with_options(queries.captures_of(row), queries.options_of(row), progress=tell)


def _rates(row: Estimation) -> list[Rates]:
    """By sex, by age and by form, where the source told: from the groups whose own data bear an estimate."""
    table, options = queries.table_of(row), queries.options_of(row)
    if table is None:
        return []
    smallest = current().disclosure.threshold
    found = []
    for place, name in enumerate(COVARIATES):
        queries.tell_progress(row.pk, "rates", place, len(COVARIATES))
        found.append(separate_rates(table, name, row.populations.get(name, {}), options, smallest))
    return found
