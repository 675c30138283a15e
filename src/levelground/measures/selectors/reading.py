"""What stands beside the numbers of a measure."""

from dataclasses import dataclass

from levelground.foundation import clock

from ..models import Annotation, Measure, MeasurePhase, MeasureVersion, Target


@dataclass(frozen=True)
class Beside:
    targets: list[Target]
    phases: list[MeasurePhase]
    notes: list[Annotation]
    versions: int

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
        MeasureVersion.objects.filter(measure=measure).count(),
    )
