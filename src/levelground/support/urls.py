from django.urls import path

from . import views, views_network

urlpatterns = [
    path("o/<slug:organisation>/help/", views.ask, name="support_ask"),
    path("o/<slug:organisation>/help/<str:number>/", views.case, name="support_case"),
    path("n/<slug:network>/help/", views_network.cases, name="support_cases"),
    path("n/<slug:network>/help/offer/<slug:member>/", views_network.offer, name="support_offer"),
    path("n/<slug:network>/help/<str:number>/", views_network.case, name="network_support_case"),
]
