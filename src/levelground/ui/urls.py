from django.urls import path

from . import views

urlpatterns = [
    path("components/", views.components, name="components"),
    path("offline/", views.offline, name="offline"),
    path("sw.js", views.service_worker, name="service_worker"),
]
