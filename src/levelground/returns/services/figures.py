"""The figures that a scheme asks for. A return that was sent keeps the words and numbers of its day."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from levelground.foundation.audit import services as audit
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import Conflict, IllegalMove, Invalid
from levelground.frameworks.models import Framework
from levelground.organisations.models import Network

from ..models import PEOPLE_REACHED, ReturnFigure, ReturnQuarter, ReturnValue
from ..states import FigureKind

LABEL = Bilingual("People reached", "Pobl a gyrhaeddwyd")
HELP = Bilingual(
    "How many different people you supported or took part in this quarter. Count each person once.",
    "Faint o bobl wahanol y gwnaethoch eu cefnogi, neu a gymerodd ran, yn y chwarter hwn. Cyfrwch bob person unwaith.",
)
LIMIT = 40


def keep_people_reached(*, framework: Framework) -> ReturnFigure:
    """People reached is asked by every calendar (MQM-05)."""
    figure, _new = ReturnFigure.objects.get_or_create(
        framework=framework, code=PEOPLE_REACHED, defaults={"label": LABEL, "help": HELP, "kind": FigureKind.COUNT}
    )
    return figure


def _lock(framework: Framework) -> None:
    Network.objects.select_for_update().get(pk=framework.network_id)


def _free_code(framework: Framework, label: Bilingual) -> str:
    base = slugify(label.en or label.cy).replace("-", "_")[:30] or "figure"
    taken = set(ReturnFigure.objects.filter(framework=framework).values_list("code", flat=True))
    return next(code for n in range(1, len(taken) + 2) if (code := base if n == 1 else f"{base}_{n}") not in taken)


def _check(
    framework: Framework, label: Bilingual, kind: str,
    from_quarter: ReturnQuarter | None, until_quarter: ReturnQuarter | None,
) -> None:  # fmt: skip
    if not label:
        raise Invalid(fields={"label_en": _("Give the figure a name, in English or in Welsh.")})
    if kind not in FigureKind.values:
        raise Invalid(fields={"kind": _("Choose what kind of number it is.")})
    for name, quarter in (("from_quarter", from_quarter), ("until_quarter", until_quarter)):
        if quarter is not None and quarter.framework_id != framework.pk:
            raise Invalid(fields={name: _("Choose a quarter of this framework.")})
    if from_quarter and until_quarter and until_quarter.starts_on < from_quarter.starts_on:
        raise Invalid(fields={"until_quarter": _("Choose the same quarter as the first, or a later one.")})


@transaction.atomic
def add_figure(
    *, framework: Framework, label: Bilingual, kind: str, by: Any, help: Bilingual | None = None,
    required: bool = True, from_quarter: ReturnQuarter | None = None, until_quarter: ReturnQuarter | None = None,
) -> ReturnFigure:  # fmt: skip
    """Ask for one more figure, at the end of the list."""
    _check(framework, label, kind, from_quarter, until_quarter)
    _lock(framework)
    keep_people_reached(framework=framework)
    known = ReturnFigure.objects.filter(framework=framework)
    if known.count() >= LIMIT:
        raise IllegalMove(
            _("There are %(limit)d figures already. More would be too much for members.") % {"limit": LIMIT}
        )
    last = known.aggregate(last=Max("position"))["last"] or 0
    figure = ReturnFigure.objects.create(
        framework=framework, code=_free_code(framework, label), label=label, help=help or Bilingual(), kind=kind,
        required=required, position=last + 1, from_quarter=from_quarter, until_quarter=until_quarter,
    )  # fmt: skip
    _record(figure, "returns.figure_added", by)
    return figure


@transaction.atomic
def change_figure(
    *, figure: ReturnFigure, label: Bilingual, help: Bilingual, kind: str, required: bool, by: Any,
    from_quarter: ReturnQuarter | None = None, until_quarter: ReturnQuarter | None = None,
    seen_version: int | None = None,
) -> ReturnFigure:  # fmt: skip
    """Change what is asked from now on; ``until_quarter`` ends it."""
    _check(figure.framework, label, kind, from_quarter, until_quarter)
    found = ReturnFigure.objects.select_for_update(of=("self",)).select_related("framework__network").get(pk=figure.pk)
    wanted = {
        "label": label, "help": help, "kind": kind, "required": required,
        "from_quarter_id": from_quarter and from_quarter.pk, "until_quarter_id": until_quarter and until_quarter.pk,
    }  # fmt: skip
    if all(getattr(found, name) == value for name, value in wanted.items()):
        return found
    if seen_version is not None and seen_version != found.version:
        raise Conflict(
            _("Somebody else changed this figure while you had the page open. Nothing of yours is lost."),
            theirs=found,
            yours=wanted,
        )
    if found.code == PEOPLE_REACHED and (kind != FigureKind.COUNT or from_quarter or until_quarter):
        raise IllegalMove(_("People reached is a whole number, and every quarter asks for it."))
    if kind != found.kind and ReturnValue.objects.filter(figure=found).exclude(value=None, sent_value=None).exists():
        raise Invalid(
            fields={"kind": _("Members have filled this in already. End this figure and add another one instead.")}
        )
    for name, value in wanted.items():
        setattr(found, name, value)
    found.version += 1
    found.save()
    _record(found, "returns.figure_changed", by)
    return found


@transaction.atomic
def move_figure(*, figure: ReturnFigure, up: bool, by: Any) -> None:
    """One place up or down the list; people reached stays first, and nothing goes above it."""
    _lock(figure.framework)
    rows = list(
        ReturnFigure.objects.select_for_update().filter(framework=figure.framework_id).exclude(code=PEOPLE_REACHED)
    )
    here = next((place for place, row in enumerate(rows) if row.pk == figure.pk), None)
    if here is None:
        raise IllegalMove(_("People reached always comes first."))
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rows):
        return
    rows[here], rows[there] = rows[there], rows[here]
    for place, row in enumerate(rows, start=1):
        row.position = place
    ReturnFigure.objects.bulk_update(rows, ["position"])
    _record(figure, "returns.figure_moved", by)


def _record(figure: ReturnFigure, verb: str, by: Any) -> None:
    audit.record(
        by=by, verb=verb, subject=f"figure:{figure.framework.slug}/{figure.code}",
        chain=figure.framework.network.audit_chain,
        after={
            "label": figure.label.as_dict(), "kind": figure.kind, "required": figure.required,
            "from": figure.from_quarter_id and str(figure.from_quarter),
            "until": figure.until_quarter_id and str(figure.until_quarter),
        },
    )  # fmt: skip
