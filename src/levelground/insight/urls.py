from django.urls import path

from . import views

urlpatterns = [
    path("", views.home, name="home"),
    path("o/<slug:organisation>/", views.organisation_home, name="organisation_home"),
    path("n/<slug:network>/", views.network_home, name="network_home"),
]
