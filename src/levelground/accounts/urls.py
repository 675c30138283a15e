from django.urls import include, path

from . import views

urlpatterns = [
    path("account/you/", views.account, name="account"),
    # These stand before allauth's own, and answer in their place.
    path("account/login/", views.LoginView.as_view(), name="account_login"),
    path("account/sessions/", views.SessionsView.as_view(), name="usersessions_list"),
    path("account/oidc/<str:provider_id>/login/", views.work_account_login, name="openid_connect_login"),
    path("account/", include("allauth.urls")),
]
