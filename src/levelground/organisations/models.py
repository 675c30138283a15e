"""Networks, organisations, teams, and who holds which role where and when."""

import datetime as dt
import unicodedata
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual, BilingualField
from levelground.foundation.db import ScopedQuerySet, Versioned, public_id

from .roles import FROM_TEAM, HERE_ONLY, PRIVATE, Permission, Role, Scope, permissions_of, roles_with
from .states import ChangeKind, Nation, Size


def fold(text: str) -> str:
    """For searching: lower case, accents off, so that "ty" finds "Tŷ" on every database."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


class SearchText(models.TextField):
    """What a search looks in: the folded texts that ``searched`` of the row names, kept by every way of saving."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = fold(" ".join(model_instance.searched()))  # type: ignore[attr-defined]  # every model with it has searched()
        setattr(model_instance, self.attname, value)
        return value


class NetworkQuerySet(ScopedQuerySet["Network"]):
    def visible_to(self, user: Any) -> "NetworkQuerySet":
        """Networks in which the person holds a role, or whose present members they belong to."""
        if not user.is_authenticated:
            return self.none()
        mine = Membership.objects.current().filter(user=user)
        members = Affiliation.objects.current().filter(organisation__in=mine.values("organisation"))
        return self.filter(Q(pk__in=mine.values("network")) | Q(pk__in=members.values("network")))

    def where(self, user: Any, permission: Permission) -> "NetworkQuerySet":
        """Networks in which one of the person's current roles carries ``permission``."""
        if not user.is_authenticated:
            return self.none()
        mine = Membership.objects.current().filter(user=user, role__in=roles_with(permission))
        return self.filter(pk__in=mine.values("network"))


class Network(Versioned):
    """The body that its members belong to; it keeps the frameworks and supports the members."""

    scope_kind = Scope.NETWORK

    slug = models.SlugField(max_length=60, unique=True)
    name = BilingualField()
    help_label = BilingualField(blank=True)
    help_email = models.EmailField(blank=True, default="")
    help_phone = models.CharField(max_length=40, blank=True, default="")
    help_url = models.URLField(blank=True, default="")

    objects = NetworkQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.name)

    @property
    def audit_chain(self) -> str:
        return f"network:{self.slug}"


class OrganisationQuerySet(ScopedQuerySet["Organisation"]):
    def visible_to(self, user: Any) -> "OrganisationQuerySet":
        """Organisations where the person holds a role now, and current members of networks they oversee."""
        return self.where(user, Permission.SEE_ORGANISATION)

    def where(self, user: Any, permission: Permission) -> "OrganisationQuerySet":
        """Organisations for which one of the person's current roles carries ``permission``."""
        return self.filter(reach(user, permission))


def reach(user: Any, permission: Permission, path: str = "pk") -> Q:
    """The condition that ``path`` leads to an organisation for which one of the person's current roles carries
    ``permission``. It is made of the roles that ``Access`` has read, so that no query asks for them again."""
    from .access import Access

    held = [one for one in Access.of(user).memberships if permission in permissions_of(one.role)]
    own = {one.organisation_id for one in held if one.organisation_id}
    if permission in FROM_TEAM:
        own |= {one.team.organisation_id for one in held if one.team}
    places = Q(**{f"{path}__in": own})
    networks = {one.network_id for one in held if one.network_id and permission not in HERE_ONLY}
    if networks:
        overseen = Affiliation.objects.current().filter(network__in=networks)
        places |= Q(**{f"{path}__in": overseen.values("organisation")})
    return places


class Organisation(Versioned):
    """A member charity, trust or other body."""

    scope_kind = Scope.ORGANISATION

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name = BilingualField()
    nation = models.CharField(max_length=3, choices=Nation.choices)
    region = models.CharField(max_length=80, blank=True, default="")
    size = models.CharField(max_length=10, choices=Size.choices)
    search_text = SearchText(editable=False, default="")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def audit_chain(self) -> str:
        return f"organisation:{self.slug}"

    def searched(self) -> list[str]:
        name = Bilingual.of(self.name)
        return [name.en, name.cy, self.region, self.slug]


class TeamQuerySet(ScopedQuerySet["Team"]):
    def visible_to(self, user: Any) -> "TeamQuerySet":
        return self.filter(organisation__in=Organisation.objects.visible_to(user))


class Team(Versioned):
    """A part of an organisation; archived rather than deleted."""

    scope_kind = Scope.TEAM

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teams")
    slug = models.SlugField(max_length=80)
    name = BilingualField()
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        constraints = [models.UniqueConstraint(fields=["organisation", "slug"], name="team_slug_once")]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def audit_chain(self) -> str:
        return self.organisation.audit_chain


class AffiliationQuerySet(ScopedQuerySet["Affiliation"]):
    def visible_to(self, user: Any) -> "AffiliationQuerySet":
        """The members, present and past, of networks whose members the person may see."""
        return self.filter(network__in=Network.objects.all().where(user, Permission.SEE_NETWORK))

    def current(self) -> "AffiliationQuerySet":
        return self.on(clock.today())

    def on(self, day: dt.date) -> "AffiliationQuerySet":
        return self.filter(Q(left_on__isnull=True) | Q(left_on__gt=day), joined_on__lte=day)


class Affiliation(models.Model):
    """An organisation's membership of a network, from a date and perhaps to one (the first day that it is out)."""

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="affiliations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="affiliations")
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)
    left_reason = models.TextField(blank=True, default="")

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["network", "organisation"], condition=Q(left_on__isnull=True), name="affiliation_open_once"
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=models.F("joined_on")), name="affiliation_order"
            ),
            models.CheckConstraint(
                condition=Q(left_reason="") | Q(left_on__isnull=False), name="affiliation_reason_with_date"
            ),
        ]
        indexes = [models.Index(fields=["network", "organisation", "joined_on"], name="affiliation_latest")]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.network}"


class InScope(models.Model):
    """Something that belongs to exactly one network, organisation or team: a role or an invitation to one."""

    network = models.ForeignKey(Network, null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)ss")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)ss"
    )
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_one_scope",
                condition=Q(network__isnull=False, organisation__isnull=True, team__isnull=True)
                | Q(network__isnull=True, organisation__isnull=False, team__isnull=True)
                | Q(network__isnull=True, organisation__isnull=True, team__isnull=False),
            )
        ]

    @property
    def scope(self) -> "Network | Organisation | Team":
        return self.network or self.organisation or self.team  # type: ignore[return-value]  # the constraint

    @property
    def home(self) -> "Network | Organisation":
        """The network or organisation whose people page lists this."""
        scope = self.scope
        return scope.organisation if isinstance(scope, Team) else scope


class MembershipQuerySet(ScopedQuerySet["Membership"]):
    def visible_to(self, user: Any) -> "MembershipQuerySet":
        """Roles in places where the person sees people; the private ones only where the person gives them."""
        if not user.is_authenticated:
            return self.none()
        organisations, networks = Organisation.objects.all(), Network.objects.all()
        seen = organisations.where(user, Permission.SEE_PEOPLE)
        managed = organisations.where(user, Permission.MANAGE_PEOPLE)
        in_seen = Q(organisation__in=seen) | Q(team__organisation__in=seen)
        in_managed = Q(organisation__in=managed) | Q(team__organisation__in=managed)
        in_network = Q(network__in=networks.where(user, Permission.SEE_PEOPLE))
        return self.filter(in_network | in_managed | (in_seen & ~Q(role__in=PRIVATE)))

    def current(self) -> "MembershipQuerySet":
        return self.on(clock.today())

    def on(self, day: dt.date) -> "MembershipQuerySet":
        """Roles that count on ``day``, as far as is known now."""
        return self.filter(Q(to_date__isnull=True) | Q(to_date__gte=day), from_date__lte=day, ended_at__isnull=True)


class Membership(InScope, Versioned):
    """A role that a person holds in one network, organisation or team, with its dates.

    ``to_date`` is the last day. A role ended at once has ``ended_at`` too, and counts no longer from that moment.
    """

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=40, choices=Role.choices)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            *InScope.Meta.constraints,
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(to_date__gte=models.F("from_date")), name="membership_order"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(to_date__isnull=False), name="membership_ended_has_date"
            ),
        ]
        indexes = [models.Index(fields=["user", "role"], name="membership_user_role")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.scope}"


class InvitationQuerySet(ScopedQuerySet["Invitation"]):
    def visible_to(self, user: Any) -> "InvitationQuerySet":
        """Invitations to places whose people one manages; for a network's officers also those to lead a member."""
        if not user.is_authenticated:
            return self.none()
        organisations, networks = Organisation.objects.all(), Network.objects.all()
        managed = organisations.where(user, Permission.MANAGE_PEOPLE)
        return self.filter(
            Q(organisation__in=managed)
            | Q(team__organisation__in=managed)
            | Q(network__in=networks.where(user, Permission.MANAGE_NETWORK_PEOPLE))
            | Q(organisation__in=organisations.where(user, Permission.MANAGE_NETWORK), role=Role.MEMBER_LEAD)
        )

    def open(self) -> "InvitationQuerySet":
        """Neither accepted nor withdrawn; perhaps expired, then it can be sent again."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)


class Invitation(InScope):
    """A role offered by e-mail. Only the SHA-256 of the link's secret is kept."""

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True, default="")
    role = models.CharField(max_length=40, choices=Role.choices)
    role_ends_on = models.DateField(null=True, blank=True)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When the newest e-mail left; empty: not yet.")
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            *InScope.Meta.constraints,
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_lower_case"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True), name="invitation_ended_once"
            ),
            *(
                models.UniqueConstraint(
                    fields=["email", "role", kind],
                    condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True, **{f"{kind}__isnull": False}),
                    name=f"invitation_open_once_{kind}",
                )
                for kind in Scope.values
            ),
            models.CheckConstraint(
                name="invitation_accepted_pair",
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} as {self.get_role_display()}"

    @property
    def expired(self) -> bool:
        """The link no longer works: its days are over, or the role would have ended already."""
        return self.expires_at <= clock.now() or (self.role_ends_on is not None and self.role_ends_on < clock.today())


class PlaceChangeQuerySet(ScopedQuerySet["PlaceChange"]):
    def visible_to(self, user: Any) -> "PlaceChangeQuerySet":
        """For those who edit the organisation or manage the network."""
        return self.filter(
            Q(organisation__in=Organisation.objects.all().where(user, Permission.EDIT_ORGANISATION))
            | Q(network__in=Network.objects.all().where(user, Permission.MANAGE_NETWORK))
        )


class PlaceChange(models.Model):
    """One change to a network or an organisation, its teams or its people. Append-only.

    Names stay out of ``before`` and ``after``: people and invitations are linked, so that erasing a person's name
    erases it here too. Joining and leaving belong to both the network and the organisation.
    """

    network = models.ForeignKey(Network, null=True, blank=True, on_delete=models.PROTECT, related_name="changes")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="changes"
    )
    kind = models.CharField(max_length=30, choices=ChangeKind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    invitation = models.ForeignKey(Invitation, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40, choices=Role.choices, blank=True, default="")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True, default="")

    objects = PlaceChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(network__isnull=False) | Q(organisation__isnull=False), name="place_change_has_place"
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "-at"], name="place_change_organisation"),
            models.Index(fields=["network", "-at"], name="place_change_network"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.organisation or self.network}"
