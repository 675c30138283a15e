"""Showing a page with the words that all pages of returns need."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .. import names, presenters

WORDS: dict[str, Any] = {
    "amount": names.amount,
    "months": names.months,
    "next_words": presenters.next_words,
    "quarter_name": names.quarter_name,
    "short_name": names.short_name,
    "tones": presenters.TONES,
    "year_name": names.year_name,
}


def show(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, f"returns/{template}.jinja", WORDS | context, status=status)
