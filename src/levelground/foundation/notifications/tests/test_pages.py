import pytest
from bs4 import BeautifulSoup
from django.test import Client

from levelground.accounts.models import User
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.notifications import services
from levelground.foundation.notifications.models import Notification
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/notifications/"


@pytest.fixture
def user() -> User:
    return UserFactory()


@pytest.fixture
def page(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def tell(user: User, text: str, *, url: str = "") -> Notification:
    made = services.notify(user=user, kind="test", text=Bilingual(text, f"{text} (Cymraeg)"), url=url)
    assert made
    return made


def shown(client: Client, query: str = "") -> list[str]:
    soup = BeautifulSoup(client.get(PAGE + query).content, "html.parser")
    return [str(item.p.find(string=True)).strip() for item in soup.select(".lg-note")]


def test_a_stranger_must_sign_in(client: Client) -> None:
    for response in (client.get(PAGE), client.post(PAGE + "read/"), client.post(PAGE + "abc/read/")):
        assert response.status_code == 302
        assert response["Location"].startswith("/account/login/")


def test_nothing_yet(page: Client) -> None:
    assert "Nothing here yet" in page.get(PAGE).content.decode()


def test_what_is_unread_comes_first(page: Client, user: User) -> None:
    tell(user, "older, unread")
    services.mark_read(notification=tell(user, "newer, read"))
    tell(UserFactory(), "of somebody else")
    assert shown(page) == ["older, unread", "newer, read"]


def test_text_is_shown_as_text_in_the_language_of_the_page(page: Client, user: User) -> None:
    tell(user, "<script>alert(1)</script>")
    html = page.get(PAGE, HTTP_ACCEPT_LANGUAGE="cy").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; (Cymraeg)" in html
    assert "<script>alert(1)" not in html
    assert "Hysbysiadau" in html


def test_twenty_a_page_and_no_query_for_each(page: Client, user: User, django_assert_max_num_queries) -> None:
    for number in range(21):
        tell(user, f"note {number}")
    page.get("/help/")  # the first page after signing in also notes the session
    with django_assert_max_num_queries(8):
        assert len(shown(page)) == 20
    assert shown(page, "?page=2") == ["note 0"]
    assert shown(page, "?page=nonsense")[0] == "note 20"


def test_mark_one_as_read(page: Client, user: User) -> None:
    one, two = tell(user, "one", url="/help/"), tell(user, "two")
    assert page.post(f"{PAGE}{one.public_id}/read/")["Location"] == PAGE
    one.refresh_from_db()
    two.refresh_from_db()
    assert one.read_at
    assert two.read_at is None


def test_open_marks_as_read_and_leads_on(page: Client, user: User) -> None:
    one = tell(user, "one", url="/help/")
    assert page.post(f"{PAGE}{one.public_id}/read/", {"open": "1"})["Location"] == "/help/"
    one.refresh_from_db()
    assert one.read_at


def test_mark_all_as_read(page: Client, user: User) -> None:
    other = tell(UserFactory(), "of somebody else")
    tell(user, "one")
    tell(user, "two")
    assert page.post(PAGE + "read/")["Location"] == PAGE
    assert not Notification.objects.filter(user=user, read_at=None).exists()
    other.refresh_from_db()
    assert other.read_at is None


def test_another_persons_notification_is_not_found(page: Client) -> None:
    other = tell(UserFactory(), "of somebody else")
    assert page.post(f"{PAGE}{other.public_id}/read/").status_code == 404
    other.refresh_from_db()
    assert other.read_at is None


def test_reading_changes_nothing_by_get_or_without_the_token(page: Client, user: User) -> None:
    one = tell(user, "one")
    assert page.get(f"{PAGE}{one.public_id}/read/").status_code == 405
    assert page.get(PAGE + "read/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    assert strict.post(PAGE + "read/").status_code == 403
    one.refresh_from_db()
    assert one.read_at is None
