"""Django forms shown with the NHS fields: names, hints, errors and typed text all arrive; nothing gets through raw."""

import pytest
from bs4 import BeautifulSoup, Tag
from django import forms
from django.utils import translation

from levelground.ui.forms import DateInput
from levelground.ui.helpers import error_summary, render_field, render_form


class EveryField(forms.Form):
    name = forms.CharField(label="Name", max_length=10, help_text="As <b>you</b> like")
    email = forms.EmailField(label="E-mail", required=False)
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    people = forms.IntegerField(label="People", min_value=0)
    notes = forms.CharField(label="Notes", widget=forms.Textarea)
    due = forms.DateField(label="Due", widget=DateInput)
    owner = forms.ChoiceField(label="Owner", choices=[("", "Choose"), ("Staff", [("1", "Alice"), ("2", "Bob")])])
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    helps = forms.MultipleChoiceField(
        label="Helps", choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple
    )
    told = forms.BooleanField(label="Told")
    file = forms.FileField(label="File")
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        if self.data.get("name") == "twice":
            raise forms.ValidationError("Already there.")


def soup(html: object) -> BeautifulSoup:
    return BeautifulSoup(str(html), "html.parser")


def control(page: BeautifulSoup, name: str) -> Tag:
    found = page.find(attrs={"name": name})
    assert isinstance(found, Tag)
    return found


def test_every_visible_field_has_a_label_or_a_legend() -> None:
    page = soup(render_form(EveryField()))
    for name in ("name", "email", "password", "people", "notes", "due", "owner", "told", "file"):
        label = page.find("label", attrs={"for": control(page, name)["id"]})
        assert label is not None, name
    legends = [legend.get_text(strip=True) for legend in page.find_all("legend")]
    assert legends == ["Kind", "Helps"]
    assert control(page, "hidden")["type"] == "hidden"


def test_controls_are_the_right_kind() -> None:
    page = soup(render_form(EveryField()))
    assert control(page, "due")["type"] == "date"
    assert control(page, "password")["type"] == "password"
    assert (control(page, "people")["type"], control(page, "people")["inputmode"]) == ("text", "numeric")
    assert control(page, "notes").name == "textarea"
    assert control(page, "file")["type"] == "file"
    assert page.find("optgroup")["label"] == "Staff"  # type: ignore[index]
    assert len(page.find_all("input", attrs={"type": "radio", "name": "kind"})) == 2


def test_optional_fields_say_so_and_browsers_do_not_check() -> None:
    page = soup(render_form(EveryField()))
    assert "E-mail (optional)" in page.get_text(" ", strip=True)
    assert "Name (optional)" not in page.get_text(" ", strip=True)
    assert not page.select("[required], [maxlength], [min]")


def test_a_field_may_be_optional_without_saying_so() -> None:
    form = EveryField()
    form.fields["email"].silently_optional = True  # type: ignore[attr-defined]
    assert "(optional)" not in soup(render_form(form)).get_text()


def test_typed_text_stays_exactly_as_typed() -> None:
    typed = {
        "name": 'a "b" <i>',
        "notes": "\n\nfirst\n  second",
        "due": "32 May",
        "owner": "2",
        "kind": "b",
        "helps": ["a"],
    }
    page = soup(render_form(EveryField(typed)))
    assert control(page, "name")["value"] == 'a "b" <i>'
    # The parser of a browser drops one line break after the tag: one more is sent than was typed.
    assert control(page, "notes").get_text() == "\n\n\nfirst\n  second"
    assert (control(page, "due")["type"], control(page, "due")["value"]) == ("text", "32 May")
    assert page.find("option", attrs={"value": "2"}).has_attr("selected")  # type: ignore[union-attr]
    assert page.find("input", attrs={"name": "kind", "value": "b"}).has_attr("checked")  # type: ignore[union-attr]
    assert page.find("input", attrs={"name": "helps", "value": "a"}).has_attr("checked")  # type: ignore[union-attr]


def test_a_stored_date_is_written_as_browsers_want_it_in_welsh_too() -> None:
    import datetime as dt

    with translation.override("cy"):
        page = soup(render_form(EveryField(initial={"due": dt.date(2027, 5, 14)})))
    assert control(page, "due")["value"] == "2027-05-14"


def test_a_password_is_never_sent_back() -> None:
    assert control(soup(render_form(EveryField({"password": "secret-words"}))), "password")["value"] == ""


@pytest.mark.parametrize(
    "attack", ["<script>alert(1)</script>", '" onfocus="alert(1)', "'><img src=x onerror=alert(1)>"]
)
def test_hostile_text_stays_text(attack: str) -> None:
    class Hostile(forms.Form):
        text = forms.CharField(label=attack, help_text=attack)
        long = forms.CharField(label="Long", widget=forms.Textarea)
        pick = forms.ChoiceField(label=attack, choices=[(attack, attack)], widget=forms.RadioSelect)

    form = Hostile({"text": attack, "long": attack, "pick": "wrong"})
    form.add_error("text", attack)
    form.add_error(None, attack)
    page = soup(f"{error_summary(form)}{render_form(form)}")
    assert not page.find_all(["script", "img"])
    assert not [tag for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")]


def test_errors_are_named_described_and_linked() -> None:
    form = EveryField({"name": "far too long a name", "kind": ""})
    page = soup(f"{error_summary(form)}{render_form(form)}")
    name = control(page, "name")
    assert name["aria-invalid"] == "true"
    described = [page.find(id=one) for one in str(name["aria-describedby"]).split()]
    assert [one.get_text(" ", strip=True)[:5] for one in described if one] == ["As <b", "Error"]
    links = {link.get_text(): link["href"] for link in page.select(".lg-error-summary a")}
    assert links["Choose an answer for “Kind”"] == "#id_kind"
    assert all(page.find(id=str(href)[1:]) for href in links.values())
    assert any(text.startswith("Name: ") for text in links)


def test_an_error_of_the_whole_form_is_shown_with_it_and_in_the_summary() -> None:
    form = EveryField({"name": "twice"})
    assert "Already there." in error_summary(form)
    assert "Already there." in soup(render_form(form)).select_one("#form-errors").get_text()  # type: ignore[union-attr]


def test_nothing_wrong_no_summary() -> None:
    assert error_summary(EveryField()) == ""


def test_errors_of_a_formset_are_in_the_summary() -> None:
    rows = forms.formset_factory(EveryField, extra=0)
    data = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-name": ""}
    assert 'href="#id_form-0-email"' not in error_summary(rows(data))
    assert 'href="#id_form-0-password"' in error_summary(rows(data | {"form-0-name": "x"}))


def test_a_sentence_of_the_forms_own_wins() -> None:
    class Own(forms.Form):
        reason = forms.CharField(label="Reason", error_messages={"required": "Say why it does not apply."})

    assert "Say why it does not apply." in error_summary(Own({}))


def test_a_line_of_help_by_choice() -> None:
    form = EveryField()
    form.fields["kind"].widget.hints = {"a": "The usual one."}
    page = soup(render_field(form["kind"]))
    first = page.find("input", attrs={"value": "a"})
    assert page.find(id=first["aria-describedby"]).get_text(strip=True) == "The usual one."  # type: ignore[index,union-attr]


def test_fields_speak_welsh() -> None:
    with translation.override("cy"):
        html = str(render_form(EveryField({}))) + str(error_summary(EveryField({})))
    assert "Llenwch “Name”" in html
    assert "E-mail (dewisol)" in html
    assert "Gwall" in html


class Strict(forms.Form):
    name = forms.CharField(max_length=3)
    people = forms.IntegerField(min_value=5)
    email = forms.EmailField()
    own = forms.CharField(max_length=3, error_messages={"max_length": "Three letters, please."})


def test_stiff_sentences_of_django_are_put_in_plain_words_in_both_languages():
    typed = {"name": "Alice", "people": "2", "email": "alice", "own": "Alice"}
    said = {}
    for language in ("en-gb", "cy"):
        with translation.override(language):
            form = Strict(typed)
            said[language] = [soup(render_field(form[name])).select_one(".nhsuk-error-message").text for name in typed]
    assert "Make it shorter: it has 5 characters, and there is room for 3." in said["en-gb"][0]
    assert "Write 5 or more." in said["en-gb"][1]
    assert "Write the e-mail address in full" in said["en-gb"][2]
    assert [text for text in said["cy"][:3] if "Ysgrifennwch" in text or "fyrrach" in text] == said["cy"][:3]
    # A field's own words are kept.
    assert all("Three letters, please." in said[language][3] for language in said)
