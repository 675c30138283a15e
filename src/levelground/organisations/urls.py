from django.urls import path

from .views import join, members, people, places, settings

o, n = "o/<slug:organisation>/", "n/<slug:network>/"

urlpatterns = [
    path("places/", places.places, name="places"),
    path("join/<str:secret>/", join.join, name="join"),
    *(
        pattern
        for base, kind in [(o, "organisation"), (n, "network")]
        for pattern in [
            path(f"{base}people/", people.people, name=f"{kind}_people"),
            path(f"{base}people/invite/", people.invite, name=f"{kind}_invite"),
            path(f"{base}people/<str:number>/", people.role, name=f"{kind}_role"),
            path(f"{base}people/<str:number>/end/", people.end_role, name=f"{kind}_role_end"),
            path(f"{base}invitations/<str:number>/send-again/", people.send_again, name=f"{kind}_invitation_again"),
            path(f"{base}invitations/<str:number>/withdraw/", people.withdraw, name=f"{kind}_invitation_withdraw"),
            path(f"{base}settings/changes/", settings.changes, name=f"{kind}_changes"),
        ]
    ),
    path(f"{o}settings/", settings.organisation_settings, name="organisation_settings"),
    path(f"{o}settings/teams/add/", settings.team_add, name="team_add"),
    path(f"{o}settings/teams/<str:number>/", settings.team, name="team"),
    path(f"{o}settings/teams/<str:number>/archive/", settings.team_archive, name="team_archive"),
    path(f"{o}settings/teams/<str:number>/restore/", settings.team_restore, name="team_restore"),
    path(f"{n}settings/", settings.network_settings, name="network_settings"),
    path(f"{n}members/", members.members, name="network_members"),
    path(f"{n}members/add/", members.member_add, name="network_member_add"),
    path(f"{n}members/add-existing/", members.member_add_existing, name="network_member_add_existing"),
    path(f"{n}members/<slug:member>/", members.member, name="network_member"),
    path(f"{n}members/<slug:member>/leave/", members.member_leave, name="network_member_leave"),
    path(f"{n}members/<slug:member>/rejoin/", members.member_rejoin, name="network_member_rejoin"),
]
