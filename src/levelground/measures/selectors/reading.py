"""What stands beside the numbers of a measure."""

from collections.abc import Iterable
from dataclasses import dataclass

from levelground.foundation import clock

from ..models import Annotation, LeftOut, Measure, MeasurePhase, MeasureVersion, Target


@dataclass(frozen=True)
class Beside:
    targets: list[Target]
    phases: list[MeasurePhase]
    notes: list[Annotation]
    left_out: list[LeftOut]
    versions: int = 0

    @property
    def target(self) -> Target | None:
        """The target that counts today."""
        today = clock.today()
        return next((one for one in reversed(self.targets) if one.from_date <= today), None)


def beside(measure: Measure) -> Beside:
    live = {"measure": measure, "removed_at__isnull": True}
    return Beside(
        list(Target.objects.filter(**live).select_related("by")),
        list(MeasurePhase.objects.filter(**live).select_related("by", "definition")),
        list(Annotation.objects.filter(**live).select_related("by")),
        list(LeftOut.objects.filter(**live).select_related("by")),
        MeasureVersion.objects.filter(measure=measure).count(),
    )


def beside_each(measures: Iterable[Measure]) -> dict[int, Beside]:
    """The same of many measures, by the measure's id, in four queries; versions are not counted."""
    found = {one.pk: Beside([], [], [], []) for one in measures}
    live = {"measure__in": list(found), "removed_at__isnull": True}
    for target in Target.objects.filter(**live):
        found[target.measure_id].targets.append(target)
    for phase in MeasurePhase.objects.filter(**live):
        found[phase.measure_id].phases.append(phase)
    for note in Annotation.objects.filter(**live):
        found[note.measure_id].notes.append(note)
    for left_out in LeftOut.objects.filter(**live):
        found[left_out.measure_id].left_out.append(left_out)
    return found
