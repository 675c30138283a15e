"""From checked data to a draft; and the file that waits in between for somebody to say yes."""

import datetime as dt
import json
import zlib
from collections.abc import Callable
from typing import Any, cast

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from levelground.foundation import clock
from levelground.foundation.audit import services as audit
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import Invalid
from levelground.organisations.models import Network

from ..models import Area, Framework, FrameworkVersion, Indicator, PendingImport, Standard, Theme

Progress = Callable[[int, int], None]
KEPT_FOR = dt.timedelta(days=1)
BATCH = 500


@transaction.atomic
def import_version(
    *, network: Network, data: dict[str, Any], by: Any,
    update_framework: bool = False, label: str = "", progress: Progress | None = None,
) -> FrameworkVersion:  # fmt: skip
    """A new draft version from checked framework data (the format of ``framework export``).

    Makes the framework the first time; later imports add a version with the next number. What the framework says of
    itself (name, purpose, strategy, help) is on every page at once: a later import changes it only with
    ``update_framework``. ``label`` names the version otherwise than the file does.
    """
    network = Network.objects.select_for_update().get(pk=network.pk)
    head = data["framework"]
    framework, created = Framework.objects.get_or_create(
        network=network, slug=head["slug"], defaults=_head_fields(head)
    )
    label = label or str(data["version"]["label"])
    require_own_label(framework.versions, label)
    if not created and update_framework:
        _update(framework, _head_fields(head), by=by)
    version = FrameworkVersion.objects.create(
        framework=framework,
        number=(framework.versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        label=label,
        notes=Bilingual.of(data["version"].get("notes")),
    )
    write_tree(version, data["areas"], progress=progress)
    audit.record(
        by=by, verb="framework.version_imported", subject=f"framework_version:{version.public_id}",
        chain=network.audit_chain,
        after={"framework": framework.slug, "label": version.label, "indicators": version.indicator_count,
               "framework_updated": created or update_framework},
    )  # fmt: skip
    return version


def _update(framework: Framework, values: dict[str, Any], *, by: Any) -> None:
    """What a framework says of itself, as the file says it; the audit log keeps what it said before."""
    before = {name: getattr(framework, name) for name in values}
    if before == values:
        return
    for name, value in values.items():
        setattr(framework, name, value)
    framework.save()
    audit.record(
        by=by, verb="framework.changed", subject=f"framework:{framework.network.slug}/{framework.slug}",
        chain=framework.network.audit_chain, before=plain(before), after=plain(values),
    )  # fmt: skip


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """Values of fields as the audit log keeps them."""
    return {name: value.as_dict() if hasattr(value, "as_dict") else value for name, value in values.items()}


def require_own_label(versions: Any, label: str) -> None:
    """People tell versions apart by their names: two of one framework never share one."""
    if versions.filter(label__iexact=label).exists():
        text = _("There is a version %(label)s already. Give this one another name.") % {"label": label}
        raise Invalid(fields={"label": text})


def _head_fields(head: dict[str, Any]) -> dict[str, Any]:
    strategy, contact = head.get("strategy") or {}, head.get("help") or {}
    return {
        "name": Bilingual.of(head["name"]),
        "purpose": Bilingual.of(head.get("purpose")),
        "beneficiaries": Bilingual.of(head.get("beneficiaries")),
        "strategy": Bilingual.of(strategy.get("name")),
        "strategy_year": strategy.get("target_year"),
        "strategy_reach": strategy.get("reach"),
        "help_label": Bilingual.of(contact.get("label")),
        "help_email": contact.get("email") or "",
        "help_phone": contact.get("phone") or "",
        "help_url": contact.get("url") or "",
    }


def write_tree(version: FrameworkVersion, areas: list[dict[str, Any]], *, progress: Progress | None = None) -> None:
    """Fill an empty draft with its tree, in batches, whatever its size."""
    rows: tuple[list[Area], list[Theme], list[Standard], list[Indicator]] = ([], [], [], [])
    for area in areas:
        rows[0].append(Area(version=version, code=area["code"], position=len(rows[0]), name=Bilingual.of(area["name"])))
        for theme in area["themes"]:
            rows[1].append(
                Theme(
                    version=version, area=rows[0][-1], code=theme["code"], position=len(rows[1]),
                    name=Bilingual.of(theme["name"]), summary=Bilingual.of(theme.get("summary")),
                )
            )  # fmt: skip
            for standard in theme["standards"]:
                rows[2].append(
                    Standard(
                        version=version, theme=rows[1][-1], code=standard["code"], position=len(rows[2]),
                        text=Bilingual.of(standard["text"]), resources=standard.get("resources") or [],
                    )
                )  # fmt: skip
                for item in standard["indicators"]:
                    rows[3].append(
                        Indicator(
                            version=version, standard=rows[2][-1], code=item["code"], position=len(rows[3]),
                            kind=item["kind"], answer_type=item.get("answer", "met_not_met"),
                            text=Bilingual.of(item["text"]), guidance=Bilingual.of(item.get("guidance")),
                            why=Bilingual.of(item.get("why")), evidence_expected=Bilingual.of(item.get("evidence")),
                        )
                    )  # fmt: skip
    total, done = sum(len(batch) for batch in rows), 0
    models: list[Any] = [Area, Theme, Standard, Indicator]
    for model, batch in zip(models, cast("list[list[Any]]", rows), strict=True):
        for start in range(0, len(batch), BATCH):
            model.objects.bulk_create(batch[start : start + BATCH])
            done += len(batch[start : start + BATCH])
            if progress:
                progress(done, total)
    version.indicator_count = len(rows[3])
    version.save(update_fields=["indicator_count"])


@transaction.atomic
def keep_upload(
    *, network: Network, file_name: str, data: dict[str, Any], notes: list[dict[str, str]], by: Any
) -> PendingImport:
    """Put a checked file aside until somebody says yes. Those of more than a day ago go."""
    PendingImport.objects.filter(at__lt=clock.now() - KEPT_FOR).delete()
    return PendingImport.objects.create(
        network=network, by=by, at=clock.now(), file_name=file_name[:200], notes=notes,
        packed=zlib.compress(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(), 6),
    )  # fmt: skip


@transaction.atomic
def confirm_upload(
    *, upload: PendingImport, by: Any, label: str = "", update_framework: bool = False
) -> FrameworkVersion:
    """Write the draft that the file was put aside for; the same file cannot be confirmed twice."""
    upload = PendingImport.objects.select_for_update(of=("self",)).select_related("network").get(pk=upload.pk)
    data = unpacked(upload)
    require_own_label(
        FrameworkVersion.objects.filter(framework__network=upload.network, framework__slug=data["framework"]["slug"]),
        label or data["version"]["label"],
    )
    version = import_version(network=upload.network, data=data, by=by, label=label, update_framework=update_framework)
    upload.delete()
    return version


@transaction.atomic
def drop_upload(*, upload: PendingImport, by: Any) -> None:
    """Throw a waiting file away; only the person who sent it can reach it."""
    PendingImport.objects.filter(pk=upload.pk, by=by).delete()


def unpacked(upload: PendingImport) -> dict[str, Any]:
    """The data of a waiting file."""
    return dict(json.loads(zlib.decompress(bytes(upload.packed))))
