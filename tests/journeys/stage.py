"""Builds the demonstration, and beside it a member for each journey, so that none walks into another's.

Run by the server's Python in the server's environment, never inside a test: ``python tests/journeys/stage.py``.
"""

import copy
import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import django

DOMAIN = "journey.example"
# Members by their network. The demonstration's officer writes into the first one; the others belong to single journeys:
# "pier" is in the middle of its year, in "office" the deadline has passed, and in "gwynt" all is written in Welsh.
MEMBERS = {
    "bright-path": [
        "phone", "keys", "plain", "clash", "offline", "restart", "sheet", "hostile", "version", "plan", "year",
        "numbers",
    ],
    "pier": ["ask", "paper", "quarter"],
    "office": ["sent", "behind", "empty"],
    "gwynt": ["welsh", "anfonwyd", "hwyr"],
}  # fmt: skip
WELSH = "gwynt"
PEOPLE = [
    ("lead", "Mali Rees", "MEMBER_LEAD"),
    ("colleague", "Joseph Okafor", "MEMBER_CONTRIBUTOR"),
    ("trustee", "Hannah Lowe", "SIGN_OFF"),
]
STARTED = dt.date(2024, 4, 1)
YEAR = dt.datetime.now(tz=ZoneInfo("Europe/London")).year
DAY = dt.timedelta(days=1)
# What "year" has answered when its journey begins: of these themes everything, of the others nothing.
DONE = ("1", "2", "3", "4", "5", "6", "7")
NOT_YET = ("2.1.2", "3.1.2")


def email(role: str, name: str) -> str:
    return f"{role}.{name}@{DOMAIN}"


class Stage:
    """Makes people, places and what they have done so far. Everything of the program is imported when it is set up."""

    def __init__(self) -> None:
        from levelground.accounts.models import User
        from levelground.foundation import clock

        self.password = User.objects.get(email="lead@demo.example").password
        self.today = clock.today()
        self.cycles: dict[str, Any] = {}

    def person(self, address: str, name: str, **extra: Any) -> Any:
        from allauth.account.models import EmailAddress

        from levelground.accounts.models import User

        user = User.objects.create(email=address, name=name, password=self.password, **extra)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

    def user(self, role: str, name: str) -> Any:
        from levelground.accounts.models import User

        return User.objects.get(email=email(role, name))

    def officer(self, network: Any) -> Any:
        return self.user("officer", network.slug)

    def days_ago(self, days: int) -> Any:
        """At noon, so many days ago."""
        from levelground.foundation import clock

        return clock.at(dt.datetime.combine(self.today - days * DAY, dt.time(12), tzinfo=dt.UTC))

    def network(self, slug: str, english: str, welsh: str) -> Any:
        """A network with an officer and a small mark: seven indicators in two themes."""
        from levelground.demo.network import quality_mark
        from levelground.foundation.bilingual import Bilingual
        from levelground.frameworks import services as frameworks
        from levelground.organisations.models import Membership, Network
        from levelground.organisations.roles import Role

        language = "cy" if slug == WELSH else "en-gb"
        network = Network.objects.create(slug=slug, name=Bilingual(english, welsh), help_email=f"help@{slug}.example")
        officer = self.person(email("officer", slug), "Gwenan Ellis", language=language)
        Membership.objects.create(user=officer, role=Role.NETWORK_OFFICER, network=network, from_date=STARTED)
        data = copy.deepcopy(quality_mark())
        data["areas"] = data["areas"][:1]
        data["areas"][0]["themes"] = data["areas"][0]["themes"][:2]
        for theme in data["areas"][0]["themes"]:
            theme["standards"] = theme["standards"][:1]
        with self.days_ago(200):
            draft = frameworks.import_version(network=network, data=data, by=officer)
            frameworks.publish(version=draft, by=officer)
        self.draft(network, officer)
        return network

    def draft(self, network: Any, officer: Any) -> None:
        """A framework that is not published, so that the pages of drafts are seen too."""
        from levelground.demo.network import quality_mark
        from levelground.frameworks import services as frameworks

        data = copy.deepcopy(quality_mark())
        data["framework"] |= {"slug": "draft-mark", "name": {"en": "Draft mark", "cy": "Marc drafft"}}
        data["areas"] = data["areas"][:1]
        data["areas"][0]["themes"] = data["areas"][0]["themes"][:2]
        frameworks.import_version(network=network, data=data, by=officer)

    def members(self, network: Any, names: list[str]) -> None:
        """Organisations with three people each, and an empty workbook (but "empty")."""
        from levelground.assessments import services as assessments
        from levelground.foundation.bilingual import Bilingual
        from levelground.frameworks.models import Framework
        from levelground.frameworks.selectors import published
        from levelground.organisations.models import Affiliation, Membership, Organisation
        from levelground.organisations.roles import Role

        version = published(Framework.objects.get(network=network, slug="quality-mark"))
        language = "cy" if network.slug == WELSH else "en-gb"
        for name in names:
            place = Organisation.objects.create(
                slug=f"journey-{name}", name=Bilingual(f"Pier {name}", f"Pier {name}"), nation="WLS", size="small"
            )
            Affiliation.objects.create(network=network, organisation=place, joined_on=STARTED)
            for role, called, wanted in PEOPLE:
                user = self.person(email(role, name), called, language=language)
                Membership.objects.create(user=user, role=Role[wanted], organisation=place, from_date=STARTED)
            if name != "empty":
                assessments.start_workbook(organisation=place, version=version, by=self.user("lead", name))

    def open_year(self, network: Any, *, opened: int, left: int) -> None:
        """This year's cycle: opened so many days ago, with so many days left."""
        from levelground.cycles import services as cycles
        from levelground.frameworks.models import Framework
        from levelground.frameworks.selectors import published

        version = published(Framework.objects.get(network=network, slug="quality-mark"))
        with self.days_ago(opened):
            self.cycles[network.slug] = cycles.open_cycle(
                framework=version.framework, framework_version=version, year=YEAR,
                opens_on=self.today - opened * DAY, deadline=self.today + left * DAY,
                by=self.officer(network),
            )  # fmt: skip

    def submission(self, name: str) -> Any:
        from levelground.cycles.models import Submission

        rows = Submission.objects.select_related(
            "cycle__framework__network", "cycle__framework_version", "organisation", "workbook__version",
            "workbook__framework", "workbook__organisation", "snapshot",
        )  # fmt: skip
        return rows.get(organisation__slug=f"journey-{name}", cycle__year=YEAR)

    def book(self, name: str) -> Any:
        from levelground.assessments.models import Workbook

        books = Workbook.objects.select_related("organisation", "framework", "version")
        return books.get(organisation__slug=f"journey-{name}", framework__slug="quality-mark")

    def answer(
        self, name: str, *, others: str = "met", themes: tuple[str, ...] = (), reason: str = "",
        said: Mapping[str, str] = {},
    ) -> None:  # fmt: skip
        """Answer everything, or everything in ``themes``; ``said`` says what is answered otherwise."""
        from levelground.assessments import services as assessments
        from levelground.frameworks.selectors import tree

        book, lead = self.book(name), self.user("lead", name)
        for node in tree(book.version).themes:
            for one in node.indicators if node.theme.code in (themes or DONE) else []:
                value = said.get(one.code, others)
                why = reason if value != "met" else ""
                assessments.save_answer(workbook=book, indicator=one, value=value, reason=why, by=lead)

    def bring_documents(self, name: str, *, but: str = "") -> None:
        """All documents that the year asks for, but the one with the code ``but``."""
        from django.core.files.base import ContentFile

        from levelground.cycles import services as cycles
        from levelground.cycles.models import RequiredDocument

        row = self.submission(name)
        for asked in RequiredDocument.objects.filter(cycle=row.cycle).exclude(code=but):
            file = ContentFile(f"{asked.name.cy}, {name}\n".encode(), name=f"{asked.code}.txt")
            cycles.add_document(
                submission=row, required=asked, by=self.user("lead", name), upload=file,
                document_date=self.today - 40 * DAY,
            )  # fmt: skip

    def send(self, name: str) -> None:
        """Everything met, signed and sent."""
        from levelground.cycles import content
        from levelground.cycles import services as cycles

        self.answer(name)
        self.bring_documents(name)
        row = self.submission(name)
        seen = content.fingerprint(row)
        cycles.sign(submission=row, by=self.user("trustee", name), agreed=True, seen_sha256=seen)
        cycles.submit(submission=self.submission(name), by=self.user("lead", name))

    def quarters(self, network: Any, *names: str) -> None:
        """A quarter that was over last month, and one before it, whose return these members have sent."""
        from levelground.foundation import clock
        from levelground.foundation.bilingual import Bilingual
        from levelground.frameworks.models import Framework
        from levelground.organisations.models import Organisation
        from levelground.returns import rules
        from levelground.returns import services as returns

        framework, officer = Framework.objects.get(network=network, slug="quality-mark"), self.officer(network)
        begin = rules.month_on(self.today, -3)
        before = rules.month_on(begin, -12)
        last = returns.open_year(framework=framework, year=before.year, first_month=before.month, by=officer)[3]
        returns.add_figure(
            framework=framework, label=Bilingual("Volunteers", "Gwirfoddolwyr"), kind="count", by=officer
        )
        returns.open_year(framework=framework, year=begin.year, first_month=begin.month, by=officer)
        with clock.at(dt.datetime.combine(last.on_time_by, dt.time(12), tzinfo=dt.UTC)):
            for name in names:
                place, lead = Organisation.objects.get(slug=f"journey-{name}"), self.user("lead", name)
                returns.save_draft(
                    quarter=last, organisation=place, by=lead, significant_change=False, description="", chosen=[],
                    values={"people_reached": Decimal(120), "volunteers": Decimal(8)},
                )  # fmt: skip
                returns.send_return(quarter=last, organisation=place, by=lead)

    def keep_quarter_open(self, network: Any, officer: Any) -> None:
        """The demonstration's newest return can be written on whatever day the journeys run."""
        from levelground.returns import services as returns
        from levelground.returns.models import ReturnQuarter

        over = ReturnQuarter.objects.filter(framework__network=network, ends_on__lt=self.today)
        newest = over.select_related("framework__network").latest("ends_on")
        returns.change_dates(
            quarter=newest, on_time_by=newest.on_time_by, locked_on=max(newest.locked_on, self.today + 40 * DAY),
            reason="For the journeys", by=officer,
        )  # fmt: skip

    def ask_for_help(self, network: Any, name: str, about: str) -> None:
        from levelground.organisations.models import Organisation
        from levelground.support import services as support

        place = Organisation.objects.get(slug=f"journey-{name}")
        support.ask_for_help(organisation=place, network=network, about=about, by=self.user("lead", name))


def main() -> None:
    django.setup()
    from django.core.management import call_command

    from levelground.accounts.models import User
    from levelground.cycles import services as cycles
    from levelground.organisations.models import Network

    call_command("demo", no_serve=True)
    stage = Stage()
    stage.person(email("admin", "staff"), "Rhodri Pugh", is_staff=True)
    known = Network.objects.get(slug="bright-path")
    officer = User.objects.get(email="officer@demo.example")
    stage.draft(known, officer)
    stage.keep_quarter_open(known, officer)
    stage.members(known, MEMBERS["bright-path"])
    stage.answer("year", themes=DONE, said=dict.fromkeys(NOT_YET, "not_yet"))

    pier = stage.network("pier", "Pier Network", "Rhwydwaith y Pier")
    stage.members(pier, MEMBERS["pier"])
    stage.open_year(pier, opened=30, left=30)
    stage.bring_documents("ask")
    stage.bring_documents("paper", but="minutes")
    for name in ("ask", "paper"):
        stage.answer(name, said={"1.1.2": "not_yet"}, reason="The trustees will look at it in spring.")
    with stage.days_ago(150):
        stage.answer("quarter")
    stage.quarters(pier, "quarter")

    office = stage.network("office", "Office Network", "Rhwydwaith y Swyddfa")
    stage.members(office, MEMBERS["office"])
    stage.open_year(office, opened=100, left=-5)
    with stage.days_ago(20):
        stage.send("sent")
        stage.answer("behind", themes=("1",))

    gwynt = stage.network("gwynt", "Rhwydwaith y Gwynt", "Rhwydwaith y Gwynt")
    stage.members(gwynt, MEMBERS["gwynt"])
    stage.open_year(gwynt, opened=30, left=30)
    stage.send("anfonwyd")
    stage.quarters(gwynt, "anfonwyd")
    cycles.extend(
        cycle=stage.cycles["gwynt"], organisation=stage.book("hwyr").organisation, deadline=stage.today + 60 * DAY,
        reason="Mae'r rheolwr yn sâl.", by=stage.officer(gwynt),
    )  # fmt: skip
    stage.answer("hwyr", said={"1.2.1": "not_yet"}, reason="Bydd yr ymddiriedolwyr yn edrych arno yn y gwanwyn.")
    stage.bring_documents("hwyr")
    stage.ask_for_help(gwynt, "welsh", "Hoffem gael cwrs i'n gwirfoddolwyr.")


if __name__ == "__main__":
    main()
