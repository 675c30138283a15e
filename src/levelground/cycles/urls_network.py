"""Addresses of the network's side of the cycles."""

from django.urls import path

from . import views_network, views_network_members

ALL = "n/<slug:network>/cycles/"
YEAR = f"{ALL}<slug:framework>/<int:year>/"
MEMBER = f"{YEAR}members/<slug:member>/"

urlpatterns = [
    path(ALL, views_network.cycles, name="network_cycles"),
    path(f"{ALL}<slug:framework>/open/", views_network.open_year, name="network_cycle_open"),
    path(YEAR, views_network_members.members, name="network_cycle"),
    path(f"{YEAR}download/", views_network_members.download, name="network_cycle_download"),
    path(f"{YEAR}dates/", views_network.dates, name="network_cycle_dates"),
    path(f"{YEAR}documents/", views_network.documents, name="network_cycle_documents"),
    path(f"{YEAR}remind/", views_network_members.remind, name="network_cycle_remind"),
    path(f"{YEAR}gaps/", views_network.gaps, name="network_cycle_gaps"),
    path(f"{YEAR}gaps/download/", views_network.gaps_download, name="network_cycle_gaps_download"),
    path(MEMBER, views_network_members.part, name="network_submission"),
    path(f"{MEMBER}more-time/", views_network_members.more_time, name="network_submission_more_time"),
    *(
        path(f"{MEMBER}{one.verb}/", views_network_members.deciding(one), name=f"network_submission_{one.verb}")
        for one in views_network_members.DECISIONS
    ),
]
