"""What the tests of the pages share: addresses, and what a page says and would send."""

from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse


def at(name, version=None, *more, network="north"):
    if name in {"framework_list", "framework_import"}:
        return reverse(name, args=[network])
    if version is None:
        return reverse(name, args=[network, *more])
    return reverse(name, args=[network, version.framework.slug, version.number, *more])


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def words(response):
    return " ".join(soup(response).main.get_text(" ").split())


def upload(client, raw, name):
    return client.post(at("framework_import"), {"file": SimpleUploadedFile(name, raw)})


def form_of(response):
    """What a browser would send back from the page's form."""
    fields = {}
    for element in soup(response).main.select("form [name]"):
        if element.name == "textarea":
            fields[element["name"]] = element.get_text().lstrip("\n")
        elif element.name == "select":
            chosen = element.select_one("option[selected]") or element.option
            fields[element["name"]] = chosen["value"]
        elif element.get("type") not in {"radio", "checkbox"} or element.has_attr("checked"):
            fields[element["name"]] = element.get("value", "on" if element.get("type") == "checkbox" else "")
    return {name: value for name, value in fields.items() if name not in {"csrfmiddlewaretoken", "language", "next"}}
