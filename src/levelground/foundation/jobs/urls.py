from django.urls import path

from . import views

urlpatterns = [
    path("system/jobs/", views.jobs, name="jobs"),
    path("system/jobs/<uuid:job_id>/retry/", views.retry, name="job_retry"),
]
