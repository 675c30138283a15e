"""Every address of the site. A new one needs a row in the access table (tests/access)."""

from django.urls import include, path

from . import views

urlpatterns = [
    path("", include("levelground.insight.urls")),
    path("", include("levelground.cycles.urls")),
    path("", include("levelground.returns.urls")),
    path("", include("levelground.measures.urls")),
    path("", include("levelground.support.urls")),
    path("", include("levelground.assessments.urls")),
    path("", include("levelground.frameworks.urls")),
    path("", include("levelground.organisations.urls")),
    path("", include("levelground.accounts.urls")),
    path("", include("levelground.demo.urls")),
    path("", include("levelground.foundation.notifications.urls")),
    path("", include("levelground.foundation.jobs.urls")),
    path("", include("levelground.ui.urls")),
    path("language/", views.set_language, name="set_language"),
    path("help/", views.help_page, name="help"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
]

handler400 = "levelground.config.errors.bad_request"
handler403 = "levelground.config.errors.permission_denied"
handler404 = "levelground.config.errors.not_found"
handler500 = "levelground.config.errors.server_error"
