"""A person's notifications: the list, and marking them as read."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from . import services
from .models import Notification

PER_PAGE = 20


@require_safe
@login_required
def notifications(request: HttpRequest) -> HttpResponse:
    mine = Notification.objects.visible_to(request.user)
    page = Paginator(mine.unread_first(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "notifications/list.jinja", {"page": page})


@require_POST
@login_required
def mark_read(request: HttpRequest, public_id: str) -> HttpResponse:
    """Mark one as read, then go back to the list, or on to what it is about."""
    notification = get_object_or_404(Notification.objects.visible_to(request.user), public_id=public_id)
    services.mark_read(notification=notification)
    return redirect(notification.url if "open" in request.POST and notification.url else "notifications")


@require_POST
@login_required
def mark_all_read(request: HttpRequest) -> HttpResponse:
    services.mark_all_read(by=request.user)
    messages.success(request, _("All your notifications are marked as read."))
    return redirect("notifications")
