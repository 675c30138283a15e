"""The members that visitors meet by name: what becomes of each, and what Example Valley does in the present year."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.files.base import ContentFile

from levelground.accounts.models import User
from levelground.assessments import services
from levelground.assessments.models import Action, Answer, Workbook
from levelground.assessments.states import LIVE, ActionStatus
from levelground.cycles import services as cycles
from levelground.cycles.models import Cycle, RequiredDocument, Submission
from levelground.foundation import clock
from levelground.foundation.documents.models import Document
from levelground.frameworks.models import FrameworkVersion, Indicator
from levelground.frameworks.selectors import tree
from levelground.organisations.models import Network
from levelground.organisations.states import Nation, Size
from levelground.returns.models import QuarterlyReturn
from levelground.returns.states import WITH_NETWORK
from levelground.support import services as support
from levelground.support.states import CaseStatus

from .bulk.members import Known
from .bulk.names import Name
from .bulk.papers import Library
from .bulk.years import Wish

ENGLAND, WALES = Nation.ENGLAND, Nation.WALES
# Themes that Example Valley begins afresh in the present year.
AFRESH = ("6", "9", "10", "11", "12", "13")
# What has got better there in the last weeks, and what is not true any more.
BETTER, WORSE = ("1.1.2", "2.2.1", "5.2.1"), ("3.1.3", "8.1.1")
# What it shows there, the day's age of each paper, and in how many days it runs out.
EVIDENCE: list[tuple[str, str, str, int, int | None]] = [
    ("1.1.1", "lead", "strategy", 400, None),
    ("5.1.1", "lead", "risk", 45, None),
    ("3.1.1", "colleague", "safeguarding", 500, 20),
    ("2.1.1", "lead", "minutes", 60, None),
    ("4.1.1", "colleague", "privacy", 120, -12),
]


def known(people: Mapping[str, User], today: dt.date) -> list[Known]:
    """Five members with a history; the sixth, Second Spring, has only just come."""

    def day(year: int) -> int:
        return (dt.date(year, 4, 1) - today).days

    return [
        Known(
            Name("example-valley", "Example Valley Wellbeing", "Lles Dyffryn Enghraifft"), WALES, "Powys", Size.SMALL,
            Wish(day(2014), ("on time", "on time", "in progress"), quiet=True, owes=True, strength=1.7,
                 always=dict.fromkeys(BETTER, "not_yet") | dict.fromkeys(WORSE, "met")),
            (people["lead"], people["colleague"], people["trustee"]),
        ),
        Known(
            Name("harbour-minds", "Harbour Minds", "Meddyliau'r Harbwr"), ENGLAND, "South West", Size.MEDIUM,
            Wish(day(2012), ("on time", "on time", "submitted"), strength=2.6), (people["lead2"], None, None),
        ),
        # In difficulty: two years without a snapshot, and a request for help.
        Known(
            Name("moorland-matters", "Moorland Matters", "Materion y Rhostir"), ENGLAND, "North East", Size.MICRO,
            Wish(day(2019), ("unsent", "unsent", "in progress"), reach=0.25, owes=True, strength=0.5),
            (people["jon"], None, None),
        ),
        # A member since last spring, in its first year, all in Welsh.
        Known(
            Name("pont-y-bobl", "Pont y Bobl", "Pont y Bobl"), WALES, "Gwynedd", Size.SMALL,
            Wish(-200, ("", "", "in progress"), reach=0.62, strength=1.4), (people["elin"], None, None), welsh=True,
        ),
        Known(
            Name("riverside-together", "Riverside Together", "Gyda'n Gilydd Glan yr Afon"), ENGLAND, "West Midlands",
            Size.LARGE, Wish(day(2010), ("on time", "late", "returned"), strength=2.1), (people["amara"], None, None),
        ),
    ]  # fmt: skip


class Valley:
    """The member that visitors sign in to: last year's snapshot accepted, half of this year's work done."""

    def __init__(self, book: Workbook, *, people: Mapping[str, User], library: Library) -> None:
        self.book, self.people, self.library = book, people, library

    def live(self, cycle: Cycle) -> None:
        self._begin_afresh()
        with clock.at(clock.now() - dt.timedelta(days=20)):
            self._work_on_actions()
            for code in BETTER:
                self._answer(code, "met", "colleague")
            for code in WORSE:
                self._answer(code, "not_yet", "colleague")
        self._show()
        self._talk()
        for code in ("6.1.1", "6.1.2"):
            services.assign(answer=self._row(code), to=self.people["colleague"], by=self.people["lead"])
        self._bring_documents(cycle)

    def _begin_afresh(self) -> None:
        """Six themes are asked anew, before the newest return was sent."""
        sent = QuarterlyReturn.objects.filter(organisation=self.book.organisation_id, status__in=WITH_NETWORK)
        newest = sent.order_by("-last_sent_at").values_list("last_sent_at", flat=True).first()
        with clock.at((newest or clock.now() - dt.timedelta(days=90)) - dt.timedelta(days=2)):
            for node in tree(self.book.version).themes:
                if node.theme.code in AFRESH:
                    for indicator in node.indicators:
                        self._answer(indicator.code, "", "lead")

    def _answer(self, code: str, value: str, who: str) -> None:
        services.save_answer(workbook=self.book, indicator=self._indicator(code), value=value, by=self.people[who])

    def _indicator(self, code: str) -> Indicator:
        found = tree(self.book.version).indicator(code)
        if found is None:
            raise LookupError(f"The demonstration mark has no indicator {code}.")
        return found[1]

    def _row(self, code: str) -> Answer:
        rows = Answer.objects.select_related("workbook__organisation", "workbook__framework", "indicator")
        return rows.get(workbook=self.book, indicator__code=code)

    def _work_on_actions(self) -> None:
        """What led to the better answers is done; of the others some are under way, and one was called off."""
        live = Action.objects.filter(workbook=self.book, status__in=LIVE).order_by("number")
        lead = self.people["lead"]
        for action in live.filter(indicator__code__in=BETTER):
            services.move_action(action=action, to=ActionStatus.DONE, text="Agreed by the board in September.", by=lead)
        others = list(live.exclude(indicator__code__in=BETTER)[:5])
        for action in others[:4]:
            services.note_on_action(action=action, text="First draft written. Waiting for comments.", by=lead)
            if action.status == ActionStatus.OPEN:
                services.move_action(action=action, to=ActionStatus.IN_PROGRESS, by=lead)
        for action in others[4:]:
            text = "The contract ended, so this is not needed."
            services.move_action(action=action, to=ActionStatus.CANCELLED, text=text, by=lead)

    def _show(self) -> None:
        today = clock.today()
        for code, who, kind, age, runs_out in EVIDENCE:
            services.add_evidence(
                answer=self._row(code), upload=self._file(kind), title=self.library.title(kind, "en"),
                document_date=today - dt.timedelta(days=age), by=self.people[who],
                expires_on=today + dt.timedelta(days=runs_out) if runs_out is not None else None,
            )  # fmt: skip

    def _file(self, kind: str) -> ContentFile:
        return ContentFile(self.library.read(kind, "en"), name=f"{kind}.pdf")

    def _talk(self) -> None:
        lead, colleague = self.people["lead"], self.people["colleague"]
        answer = self._row("3.1.3")
        for text, by in (
            ("Two volunteers have left, so this is no longer true. Can we plan the training again?", colleague),
            ("Yes. I will ask the network for its next course.", lead),
            ("Diolch! Fe wnaf i ddweud wrth y gwirfoddolwyr.", colleague),
        ):
            services.comment(answer=answer, text=text, by=by)
        text = "Our policy has run out. Shall I write the new one?"
        services.comment(answer=self._row("4.1.1"), text=text, by=colleague)

    def _bring_documents(self, cycle: Cycle) -> None:
        """Two of the five are there: last year's strategic plan, and this year's budget."""
        submission = Submission.objects.get(cycle=cycle, organisation=self.book.organisation_id)
        asked = {one.code: one for one in RequiredDocument.objects.filter(cycle=cycle)}
        before = Document.objects.filter(title=asked["strategy"].name.en, uploaded_by=self.people["lead"])
        plan = before.order_by("-pk").first()
        if plan is not None:
            cycles.add_document(
                submission=submission, required=asked["strategy"], by=self.people["lead"], known=plan,
                document_date=plan.document_date,
            )  # fmt: skip
        cycles.add_document(
            submission=submission, required=asked["budget"], by=self.people["lead"], upload=self._file("budget"),
            document_date=clock.today() - dt.timedelta(days=150),
        )  # fmt: skip


def ask_for_more_time(cycle: Cycle, *, member: Any, by: User) -> None:
    """The member in difficulty was given more time last year, and did not make use of it."""
    with clock.at(dt.datetime.combine(cycle.deadline - dt.timedelta(days=6), dt.time(10), tzinfo=dt.UTC)):
        cycles.extend(
            cycle=cycle, organisation=member, deadline=cycle.deadline + dt.timedelta(days=30), by=by,
            reason="The manager is ill, and the trustees have asked for another month.",
        )  # fmt: skip


def ask_for_help(
    network: Network, version: FrameworkVersion, people: Mapping[str, User], places: Mapping[str, Any]
) -> None:
    """Moorland Matters was heard and has agreed what comes next; Pont y Bobl has only just asked."""
    jon, officer = people["jon"], people["officer"]
    moor, money = places["moorland-matters"], tree(version).theme("6")
    with _at(24):
        case = support.ask_for_help(
            organisation=moor, network=network, by=jon, theme=money.theme if money else None,
            framework=version.framework.slug, year=clock.today().year,
            about="I am the only paid person here, and our treasurer has left. We will not manage the snapshot alone.",
        )  # fmt: skip
    with _at(21):
        case = support.handle(
            case=case, by=officer, assigned_to=officer, to=CaseStatus.TRIAGED,
            text="Thank you for telling us, Jon. Nobody is cross. Can we talk on Thursday at ten?",
        )  # fmt: skip
    with _at(19):
        support.say(case=case, text="Yes please. I will have our last accounts with me.", by=jon)
    with _at(12):
        support.handle(
            case=case, by=officer, assigned_to=officer, to=CaseStatus.AGREED,
            text="As agreed: a treasurer of another member visits you, and we go through theme 6 together after that.",
        )  # fmt: skip
    with _at(2):
        support.ask_for_help(
            organisation=places["pont-y-bobl"], network=network, by=people["elin"],
            about="Dyma ein blwyddyn gyntaf. A oes rhywun a all ddangos i ni sut mae'r ciplun yn gweithio, yn Gymraeg?",
        )  # fmt: skip


def _at(days: int) -> Any:
    """At eleven in the morning, so many days ago."""
    day = clock.today() - dt.timedelta(days=days)
    return clock.at(dt.datetime.combine(day, dt.time(11), tzinfo=dt.UTC))
