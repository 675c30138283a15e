"""Shared by the tests of accounts: a person, pages as soup, passing the "is it really you?" step."""

import re

import pytest
from bs4 import BeautifulSoup

from tests.factories import PASSWORD, UserFactory

LOGIN = "/account/login/"


@pytest.fixture
def alice(db):
    return UserFactory(name="Alice Lead", email="alice@test.example")


@pytest.fixture
def mfanwy(db):
    return UserFactory(name="Mfanwy Prys", email="mfanwy@test.example", language="cy")


@pytest.fixture
def signed_in(client, alice):
    """A client that signed in as Alice with her password, and just confirmed it."""
    sign_in(client)
    confirm(client)
    return client


def sign_in(client, email="alice@test.example", password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": email, "password": password, **extra})


def confirm(client, password=PASSWORD):
    """What sensitive pages ask for first."""
    return client.post("/account/reauthenticate/?next=/account/you/", {"password": password})


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def words(response):
    """The text of the main part of a page, as one line."""
    return " ".join(soup(response).main.get_text(" ").split())


def link_in(mail):
    """The path of the first link in an e-mail."""
    return re.search(r"https?://[^/\s]+(/\S+)", mail.body).group(1)
