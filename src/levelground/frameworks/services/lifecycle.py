"""From draft to published and beyond: the moves of a version, its correction, what its indicators came from."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.dispatch import Signal
from django.utils.translation import gettext as _

from levelground.foundation import clock
from levelground.foundation.audit import services as audit
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import IllegalMove, Invalid

from ..models import Area, FrameworkVersion, Indicator, IndicatorMapping, Standard, Theme, VersionMove
from ..rules import publish_checks, why_not_editable, why_not_move
from ..selectors import as_data, frozen_digest, tree
from ..states import FROZEN, VersionStatus
from .importing import require_own_label, write_tree

# Sent after the transaction that published a version: ``version``, ``by``. The apps above listen (workbooks move on).
version_published = Signal()

_FIELDS = ["status", "published_at", "retired_at", "sha256", "consulted", "decisions", "indicator_count"]


def locked(version: FrameworkVersion) -> FrameworkVersion:
    """The version as it stands now, its row locked until the transaction ends."""
    return (
        FrameworkVersion.objects.select_for_update(of=("self",)).select_related("framework__network").get(pk=version.pk)
    )


def locked_draft(version: FrameworkVersion) -> FrameworkVersion:
    """The same, when its tree may be changed; otherwise ``IllegalMove``."""
    version = locked(version)
    refusal = why_not_editable(version)
    if refusal:
        raise IllegalMove(refusal)
    return version


def _subject(version: FrameworkVersion) -> dict[str, str]:
    return {
        "subject": f"framework_version:{version.public_id}",
        "chain": version.framework.network.audit_chain,
    }


def _pass_to(version: FrameworkVersion, to: str, *, by: Any, reason: str = "") -> None:
    """Write the new state with its history row and its audit event."""
    before = version.status
    version.status = to
    version.save(update_fields=_FIELDS)
    VersionMove.objects.create(
        version=version, from_status=before, to_status=to, by=by, at=clock.now(), reason=reason,
        consulted=version.consulted, decisions=version.decisions,
    )  # fmt: skip
    audit.record(
        by=by, verb=f"framework.version_{to}", before={"status": before},
        after={"status": to, "sha256": version.sha256}, reason=reason, **_subject(version),
    )  # fmt: skip


def _take(version: FrameworkVersion, consulted: str | None, decisions: str | None) -> None:
    version.consulted = version.consulted if consulted is None else consulted.strip()
    version.decisions = version.decisions if decisions is None else decisions.strip()


@transaction.atomic
def record_consultation(*, version: FrameworkVersion, consulted: str, decisions: str, by: Any) -> FrameworkVersion:
    """Write down who was asked about a version and what was decided."""
    version = locked(version)
    if version.is_frozen:
        raise IllegalMove(why_not_editable(version))
    before = {"consulted": version.consulted, "decisions": version.decisions}
    _take(version, consulted, decisions)
    after = {"consulted": version.consulted, "decisions": version.decisions}
    if before != after:
        version.save(update_fields=["consulted", "decisions"])
        audit.record(by=by, verb="framework.consultation_recorded", before=before, after=after, **_subject(version))
    return version


@transaction.atomic
def move(
    *, version: FrameworkVersion, to: str, by: Any, reason: str = "",
    consulted: str | None = None, decisions: str | None = None,
) -> FrameworkVersion:  # fmt: skip
    """Pass a version to another state: consultation, pilot, back to draft, retired. Publishing has its own service."""
    if to == VersionStatus.PUBLISHED:
        return publish(version=version, by=by, consulted=consulted, decisions=decisions)
    version = locked(version)
    refusal = why_not_move(version, to)
    if refusal:
        raise IllegalMove(refusal)
    if to == VersionStatus.RETIRED:
        if not reason.strip():
            raise Invalid(fields={"reason": _("Say in a sentence why this version is retired.")})
        version.retired_at = clock.now()
    else:
        _take(version, consulted, decisions)
    _pass_to(version, to, by=by, reason=reason.strip())
    return version


def _renumber(version: FrameworkVersion) -> None:
    """Positions count through the whole version in reading order, so that a plain sort by position is right."""
    nodes = tree(version)
    levels: list[tuple[Any, list[Any]]] = [
        (Area, [item.area for item in nodes.areas]),
        (Theme, [item.theme for item in nodes.themes]),
        (Standard, [item.standard for item in nodes.standards]),
        (Indicator, list(nodes.indicators)),
    ]
    for model, rows in levels:
        changed = []
        for position, row in enumerate(rows):
            if row.position != position:
                row.position = position
                changed.append(row)
        model.objects.bulk_update(changed, ["position"], batch_size=200)


@transaction.atomic
def publish(
    *, version: FrameworkVersion, by: Any, consulted: str | None = None, decisions: str | None = None
) -> FrameworkVersion:
    """Publish a version: from now on neither we nor the database lets its tree change."""
    version = locked(version)
    refusal = why_not_move(version, VersionStatus.PUBLISHED)
    if refusal:
        raise IllegalMove(refusal)
    _take(version, consulted, decisions)
    nodes = tree(version)
    for check in publish_checks(version, nodes, consulted_once=was_consulted(version)):
        if check.blocks and not check.ok:
            raise IllegalMove(check.sentence)
    _renumber(version)
    version.indicator_count = len(nodes.indicators)
    version.sha256 = frozen_digest(version)
    version.published_at = clock.now()
    _pass_to(version, VersionStatus.PUBLISHED, by=by)
    transaction.on_commit(lambda: version_published.send(sender=FrameworkVersion, version=version, by=by))
    return version


def was_consulted(version: FrameworkVersion) -> bool:
    """Whether the version was out for consultation: then it says whom it asked before it is published."""
    return version.moves.filter(to_status=VersionStatus.CONSULTATION).exists()


@transaction.atomic
def correct(*, version: FrameworkVersion, by: Any, label: str, reason: str) -> FrameworkVersion:
    """A new draft that is a copy of a published version, each indicator mapped to the one it comes from."""
    version = locked(version)
    if not version.is_frozen:
        raise IllegalMove(_("This version is not published yet: change it as it is."))
    if not label.strip():
        raise Invalid(fields={"label": _("Give the new version a name, for example 2027.")})
    if not reason.strip():
        raise Invalid(fields={"reason": _("Say in a sentence what is to be put right.")})
    require_own_label(version.framework.versions, label.strip())
    open_already = version.corrections.exclude(status__in=FROZEN).first()
    if open_already is not None:
        raise IllegalMove(
            _("Version %(label)s corrects this one already and is not published yet. Go on with that one.")
            % {"label": open_already.label}
        )
    last = version.framework.versions.aggregate(last=Max("number"))["last"]
    draft = FrameworkVersion.objects.create(
        framework=version.framework, number=last + 1, label=label.strip(), corrects=version,
        notes=Bilingual(en=reason.strip()),
    )  # fmt: skip
    write_tree(draft, as_data(version)["areas"])
    old = {item.code: item.pk for item in tree(version).indicators}
    IndicatorMapping.objects.bulk_create(
        [IndicatorMapping(old_id=old[item.code], new=item) for item in tree(draft).indicators], batch_size=500
    )
    audit.record(
        by=by, verb="framework.version_corrected", reason=reason.strip(),
        after={"corrects": version.public_id, "label": draft.label}, **_subject(draft),
    )  # fmt: skip
    return draft


@transaction.atomic
def discard(*, version: FrameworkVersion, by: Any, reason: str = "") -> None:
    """Throw a draft away with all that is in it. What was ever published stays for ever."""
    version = locked_draft(version)
    subject, label = _subject(version), version.label
    IndicatorMapping.objects.filter(new__version=version).delete()
    for rows in (version.indicators, version.standards, version.themes, version.areas, version.moves):
        rows.all().delete()
    count = version.indicator_count
    version.delete()
    audit.record(
        by=by,
        verb="framework.version_discarded",
        reason=reason,
        before={"label": label, "indicators": count},
        **subject,
    )


@dataclass(frozen=True)
class CameFrom:
    """What the network says of one indicator of a draft. An empty ``old_code`` takes back what was said."""

    new_code: str
    old_code: str
    carries_answer: bool


@transaction.atomic
def set_mapping(*, version: FrameworkVersion, base: FrameworkVersion, rows: list[CameFrom], by: Any) -> int:
    """Say which indicators of ``base`` the draft's come from, and which answers still hold; gives how many changed."""
    version = locked_draft(version)
    if base.framework_id != version.framework_id or not base.is_frozen:
        raise Invalid(_("Choose a published version of the same framework to map from."))
    new, old = ({item.code: item for item in tree(side).indicators} for side in (version, base))
    said = {row.new_id: row for row in IndicatorMapping.objects.filter(old__version=base, new__version=version)}
    changes: list[dict[str, Any]] = []
    for row in rows:
        if row.new_code not in new:
            raise Invalid(_("There is no indicator %(code)s in this draft.") % {"code": row.new_code})
        if row.old_code and row.old_code not in old:
            text = _("There is no indicator %(code)s in version %(label)s.")
            raise Invalid(fields={f"from-{row.new_code}": text % {"code": row.old_code, "label": base.label}})
        item, known = new[row.new_code], said.get(new[row.new_code].pk)
        origin = old[row.old_code] if row.old_code else None
        wanted = (origin.pk, row.carries_answer) if origin else None
        if (known and (known.old_id, known.carries_answer)) == wanted:
            continue
        if known:
            known.delete()
        if origin:
            IndicatorMapping.objects.create(old=origin, new=item, carries_answer=row.carries_answer)
        changes.append({"to": row.new_code, "from": row.old_code, "carries": row.carries_answer})
    if changes:
        audit.record(
            by=by, verb="framework.mapping_set", after={"base": base.public_id, "rows": changes}, **_subject(version)
        )
    return len(changes)
