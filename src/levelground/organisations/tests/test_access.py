"""Access to one row at hand agrees with the scope of querysets."""

from levelground.foundation import clock
from levelground.organisations.access import Access
from levelground.organisations.models import Affiliation, Organisation
from levelground.organisations.roles import Permission
from tests.factories import Cast


def test_one_row_at_hand_is_let_through_as_visible_to_does(cast: Cast) -> None:
    """``Access.reaches`` is ``reach()`` asked of one organisation: for every person, role and permission the same."""
    for user in (cast.alice, cast.carys, cast.tomos, cast.bob, cast.nia, cast.olga, cast.zed):
        for permission in Permission:
            visible = set(Organisation.objects.all().where(user, permission))
            access = Access(user)
            for organisation in (cast.alder, cast.birch):
                assert access.reaches(permission, organisation.pk) == (organisation in visible), (user, permission)
    Affiliation.objects.filter(organisation=cast.birch).update(left_on=clock.today())
    assert not Access(cast.nia).reaches(Permission.SEE_ORGANISATION, cast.birch.pk)
