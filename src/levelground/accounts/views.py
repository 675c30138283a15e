"""The account page, and allauth's views where they need more than a template of ours."""

from typing import Any, cast

from allauth.account import views as allauth_views
from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from allauth.socialaccount.providers.openid_connect import views as oidc
from allauth.usersessions import views as allauth_sessions
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from requests import RequestException

from levelground.foundation.errors import Conflict

from . import presenters, selectors, services
from .forms import AccessNeedsForm, DetailsForm
from .models import User


class LoginView(allauth_views.LoginView):
    """Sign-in. Too many failed tries lead to a page that says how long to wait."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        providers = get_social_adapter().list_providers(self.request) if settings.SOCIALACCOUNT_PROVIDERS else []
        return {
            **super().get_context_data(**kwargs),
            "services": [{"name": one.name, "url": one.get_login_url(self.request)} for one in providers],
        }

    def form_invalid(self, form: Any) -> HttpResponse:
        refused = form.has_error("__all__", "too_many_login_attempts")
        seconds = selectors.locked_for_seconds(self.request, form.cleaned_data["login"]) if refused else 0
        if not seconds:
            return super().form_invalid(form)
        page = render(self.request, "account/locked.jinja", {"wait": presenters.waiting_time(seconds)}, status=429)
        page["Retry-After"] = str(seconds)
        return page


class SessionsView(allauth_sessions.ListUserSessionsView):
    """Where the person is signed in."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        return {**found, "rows": presenters.session_rows(found["sessions"])}


@login_not_required
def work_account_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the sign-in service by way of a page of ours: the content security policy lets no form lead elsewhere."""
    try:
        response = oidc.login(request, provider_id)
    except RequestException:  # the service does not answer
        return redirect("socialaccount_login_error")
    if isinstance(response, HttpResponseRedirect) and response.url.startswith(("https://", "http://")):
        return render(request, "socialaccount/login_redirect.jinja", {"redirect_to": response.url})
    return response


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Name, language, e-mails and access needs; the ways to sign in are one click away."""
    user = cast(User, request.user)
    kinds = {"details": DetailsForm, "access": AccessNeedsForm}
    part = request.POST.get("part", "") if request.method == "POST" else ""
    forms = {name: kind(request.POST if name == part else None, user=user) for name, kind in kinds.items()}
    conflict: list[presenters.Difference] = []
    if part in forms and forms[part].is_valid():
        try:
            return _save(request, part, forms[part])
        except Conflict as error:
            conflict = presenters.differences(forms[part], error.theirs)
            if not conflict:  # both tabs saved the same
                return redirect("account")
            forms[part].data = {**request.POST.dict(), "seen": services.mark_of(error.theirs, *forms[part].keeps)}
    context = {
        **forms,
        "forms": list(forms.values()),
        "part": part,
        "conflict": conflict,
        "ways": selectors.sign_in_ways(user),
        "services": bool(settings.SOCIALACCOUNT_PROVIDERS),
    }
    return render(request, "account/account.jinja", context, status=409 if conflict else 200)


def _save(request: HttpRequest, part: str, form: Any) -> HttpResponse:
    save = services.save_details if part == "details" else services.save_access_needs
    user = cast(User, request.user)
    saved = save(user=user, by=user, seen=form.cleaned_data["seen"], **form.values())
    response = redirect("account")
    if part == "details":
        services.remember_language(response, saved.language)
    with override(saved.language if part == "details" else get_language()):
        messages.success(request, _("Saved."))
    return response
