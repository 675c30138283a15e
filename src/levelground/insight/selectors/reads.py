"""What a member's home asks the database, prepared, because every visit asks all of it.

Each read is of one organisation: their number is the same however many workbooks it has.
"""

from django.db.models import BooleanField, Count, ExpressionWrapper, Q

from levelground.assessments.models import Action, Answer, Evidence, Snapshot, Workbook
from levelground.assessments.states import LIVE, Value
from levelground.cycles.models import RequiredDocument, SignOff, SignOffRequest, Submission, SubmissionDocument
from levelground.cycles.states import WITH_MEMBER
from levelground.foundation.prepared import Prepared
from levelground.organisations.models import Affiliation
from levelground.returns.models import QuarterlyReturn, ReturnQuarter
from levelground.support.models import SupportCase
from levelground.support.states import OPEN

_WORKED_ON = Q(submission__status__in=WITH_MEMBER)

workbooks = Prepared(
    lambda organisation: (
        Workbook.objects.filter(organisation=organisation)
        .select_related("framework__network", "version")
        .order_by("pk")
    )
)
submissions = Prepared(
    lambda organisation: (
        Submission.objects.filter(organisation=organisation, active=True)
        .select_related("cycle__framework__network", "cycle__framework_version")
        .order_by("cycle__year", "cycle__framework")
    )
)
# Of each answer: its workbook, indicator, value, whether it is a "not yet" without action and reason, who holds it.
answers = Prepared(
    lambda organisation: (
        Answer.objects.filter(workbook__organisation=organisation)
        .order_by()
        .values_list(
            "workbook_id",
            "indicator_id",
            "value",
            ExpressionWrapper(Q(value=Value.NOT_YET, live_actions=0, reason=""), output_field=BooleanField()),
            "assigned_to_id",
        )
    )
)
# Of each open action that is due: its workbook, number, title, day and owner.
actions_due = Prepared(
    lambda organisation, until: (
        Action.objects.filter(workbook__organisation=organisation, status__in=LIVE, due_on__lte=until)
        .order_by("due_on", "number")
        .values_list("workbook_id", "public_id", "title", "due_on", "owner_id")
    )
)
evidence_to_renew = Prepared(
    lambda organisation, expiring, stale: (
        Evidence.objects.filter(answer__workbook__organisation=organisation, removed_at__isnull=True)
        .filter(Q(expires_on__lte=expiring) | Q(expires_on__isnull=True, document_date__lt=stale))
        .order_by()
        .values_list("answer__workbook_id")
        .annotate(items=Count("pk"))
    )
)
snapshots = Prepared(
    lambda organisation: (
        Snapshot.objects.filter(workbook__organisation=organisation)
        .order_by("year", "edition")
        .values_list("pk", "workbook_id", "year", "sha256", "version_id", "public_id")
    )
)

# What a submission waits for, while its member works on it.
required = Prepared(
    lambda organisation: RequiredDocument.objects.filter(
        cycle__submissions__organisation=organisation, cycle__submissions__status__in=WITH_MEMBER
    ).order_by("cycle", "number")
)
documents = Prepared(
    lambda organisation: (
        SubmissionDocument.objects.filter(_WORKED_ON, submission__organisation=organisation, replaced_at__isnull=True)
        .select_related("required")
        .order_by("required__number")
    )
)
sign_offs = Prepared(
    lambda organisation: (
        SignOff.objects.filter(_WORKED_ON, submission__organisation=organisation, lapsed_at__isnull=True)
        .select_related("by")
        .order_by("pk")
    )
)
requests = Prepared(
    lambda organisation: (
        SignOffRequest.objects.filter(_WORKED_ON, submission__organisation=organisation)
        .select_related("asked_by", "answered_by")
        .order_by("asked_at", "pk")
    )
)

# The quarters that can still be sent or are to come, the member's returns for them, and since when it is a member.
quarters = Prepared(
    lambda organisation, today: (
        ReturnQuarter.objects.filter(
            framework__network__in=Affiliation.objects.filter(organisation=organisation).on(today).values("network"),
            locked_on__gte=today,
        )
        .select_related("framework")
        .order_by("starts_on", "pk")
    )
)
returns = Prepared(
    lambda organisation, today: QuarterlyReturn.objects.filter(
        organisation=organisation, quarter__locked_on__gte=today
    ).order_by("pk")
)
joined = Prepared(
    lambda organisation, today: (
        Affiliation.objects.filter(organisation=organisation).on(today).values_list("network_id", "joined_on")
    )
)

open_cases = Prepared(
    lambda organisation: (
        SupportCase.objects.filter(organisation=organisation, status__in=OPEN)
        .select_related("network")
        .order_by("opened_at", "pk")
    )
)
