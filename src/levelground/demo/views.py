"""Signing in as one of the demonstration's people by one press. Where it is no demonstration, none of this exists."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from levelground.accounts.models import User

from .personas import is_persona


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    user = get_object_or_404(User, public_id=request.POST.get("person", ""))
    if not is_persona(user):
        raise Http404
    record_authentication(request, user, method="demonstration", reauthenticated=True)
    return perform_login(request, Login(user=user, email=user.email))
