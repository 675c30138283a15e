"""The demonstration's measure of real numbers carries its licence wherever it goes."""

import io

import pytest
import python_calamine
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from levelground.demo import open_data
from levelground.measures.models import Point
from levelground.measures.selectors import beside
from levelground.organisations.roles import Role
from tests.factories import MembershipFactory, NetworkFactory, UserFactory

LICENCE = "Contains NHS England data licensed under the Open Government Licence v3.0."
pytestmark = pytest.mark.django_db


@pytest.mark.requirement("AMHE-34", "WM-09")
def test_the_page_the_chart_and_the_files_name_the_licence() -> None:
    network, officer = NetworkFactory(), UserFactory()
    MembershipFactory(user=officer, role=Role.NETWORK_OFFICER, network=network)
    measure = open_data.follow(network, officer)
    points = Point.objects.filter(series__measure=measure)
    assert (points.count(), beside(measure).target.value, measure.about_people) == (36, 5, False)
    client = Client()
    client.force_login(officer)
    page = BeautifulSoup(client.get(reverse("measure", args=[measure.public_id])).content, "html.parser")
    assert LICENCE in page.select_one("figure figcaption").get_text()
    assert LICENCE in page.find(id="definition-title").parent.get_text()
    assert "34.36%" in page.get_text()  # March 2019: 5,908 of 17,193
    csv = client.get(reverse("measure_download", args=[measure.public_id, "csv"])).content.decode()
    assert csv.splitlines()[-1].startswith(f"# Source: {LICENCE}")
    xlsx = client.get(reverse("measure_download", args=[measure.public_id, "xlsx"])).content
    about = python_calamine.load_workbook(io.BytesIO(xlsx)).get_sheet_by_index(1).to_python()
    assert any(LICENCE in str(cell) for row in about for cell in row)
