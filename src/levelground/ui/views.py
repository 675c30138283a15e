"""The component gallery, and what the browser shows when there is no connection."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from levelground import __version__

from .gallery import gallery_context


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component in all its states, for staff and on a demonstration."""
    if not (settings.DEMO or getattr(request.user, "is_staff", False)):
        raise Http404
    return render(request, "ui/gallery.jinja", gallery_context())


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Kept by the service worker before it is known who will read it: so in both languages, and about nobody."""
    texts = []
    for code, lang in (("en-gb", "en"), ("cy", "cy")):
        with translation.override(code):
            texts.append(
                {
                    "lang": lang,
                    "title": _("You are offline"),
                    "text": _(
                        "This page cannot be loaded without a connection. Pages that are still open keep what you "
                        "typed, and send it when you are back."
                    ),
                    "again": _("Try again"),
                }
            )
    if (translation.get_language() or "").startswith("cy"):
        texts.reverse()
    return HttpResponse(get_template("ui/errors/offline.jinja").render({"texts": texts}))


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root of the site, because a service worker only sees what is below its own address."""
    keep = [reverse("offline"), static("levelground/levelground.css"), static("levelground/icon.svg")]
    context = {"version": __version__, "offline": reverse("offline"), "keep": keep}
    return HttpResponse(get_template("ui/service_worker.jinja").render(context), content_type="text/javascript")
