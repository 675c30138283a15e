from django.urls import path

from .views import manage, member, network, sent

DESK = "o/<slug:organisation>/returns/<slug:framework>/<int:year>/q<int:quarter>/"
OFFICE = "n/<slug:network>/returns/<slug:framework>/"

urlpatterns = [
    path("o/<slug:organisation>/returns/", member.calendar, name="return_list"),
    path(DESK, member.form, name="return_form"),
    path(f"{DESK}check/", member.check, name="return_check"),
    path(f"{DESK}correct/", member.correct, name="return_correct"),
    path("returns/<str:number>/", sent.sent, name="return_sent"),
    path("returns/<str:number>/download/<str:kind>/", sent.download, name="return_download"),
    path("n/<slug:network>/returns/", network.members, name="network_returns"),
    path("n/<slug:network>/returns/download/", network.download, name="network_returns_download"),
    path(f"{OFFICE}totals/", network.totals, name="return_totals"),
    path(f"{OFFICE}quarters/", manage.quarters, name="return_quarters"),
    path(f"{OFFICE}quarters/<int:year>/remove/", manage.year_remove, name="return_year_remove"),
    path(f"{OFFICE}quarters/<int:year>/q<int:quarter>/", manage.quarter, name="return_quarter"),
    path(f"{OFFICE}figures/", manage.figures, name="return_figures"),
    path(f"{OFFICE}figures/<slug:code>/", manage.figure, name="return_figure"),
    path(f"{OFFICE}figures/<slug:code>/move/", manage.figure_move, name="return_figure_move"),
]
