"""The forms of frameworks. The rules for texts are those of the file format: one schema, on pages and in files."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from levelground.foundation.bilingual import Bilingual

from .files.schema import check_part
from .files.sheet import resources_as_text, resources_from_text
from .files.tidy import tidy
from .models import AnswerType, Framework, FrameworkVersion, Kind
from .selectors import Node, fingerprint, node_data, parent_of, tree
from .states import VersionStatus

# Field of the model, name in the file, label, help, whether it must be there in English, rows (0: one line).
_Text = tuple[str, str, Any, Any, bool, int]
_ONE_SENTENCE = gettext_lazy("One plain sentence that is true or not yet.")
_TEXTS: dict[str, list[_Text]] = {
    "area": [("name", "name", gettext_lazy("Name"), "", True, 0)],
    "theme": [
        ("name", "name", gettext_lazy("Name"), "", True, 0),
        ("summary", "summary", gettext_lazy("Summary"), gettext_lazy("One sentence on what it is about."), False, 2),
    ],
    "standard": [("text", "text", gettext_lazy("The standard"), gettext_lazy("One sentence."), True, 2)],
    "indicator": [
        ("text", "text", gettext_lazy("The indicator"), _ONE_SENTENCE, True, 3),
        ("guidance", "guidance", gettext_lazy("Guidance"), gettext_lazy("How to tell whether it is met."), False, 4),
        ("why", "why", gettext_lazy("Why we ask"), "", False, 3),
        ("evidence_expected", "evidence", gettext_lazy("Evidence expected"), "", False, 2),
    ],
}  # fmt: skip
_PARENTS = {"theme": "area", "standard": "theme", "indicator": "standard"}
_PARENT_LABELS = {
    "area": gettext_lazy("In the area"), "theme": gettext_lazy("In the theme"),
    "standard": gettext_lazy("Of the standard"),
}  # fmt: skip


class _Tidy(forms.CharField):
    """A text as files give it: composed letters, plain line ends, no spaces around it."""

    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value) or "")


def _text_fields(name: str, label: Any, hint: Any, rows: int, *, required: bool) -> dict[str, forms.Field]:
    """The English and the Welsh field of one text."""
    fields: dict[str, forms.Field] = {}
    for language, word in (("en", gettext_lazy("in English")), ("cy", gettext_lazy("in Welsh"))):
        lang = {"lang": language, "spellcheck": "true"}
        widget = forms.Textarea(attrs={"rows": rows, **lang}) if rows else forms.TextInput(attrs=lang)
        fields[f"{name}_{language}"] = _Tidy(
            label=f"{label}, {word}", help_text=hint if language == "en" else "", widget=widget,
            required=required and language == "en",
        )  # fmt: skip
    return fields


class _Checked(forms.Form):
    """A form whose content is checked by a definition of the file's schema."""

    definition = ""
    # Where the file and the form name things differently.
    names: dict[str, str] = {}

    def part(self, values: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not self.errors:
            for path, sentence in check_part(self.part(values), self.definition):
                self.add_error(self._field_of(path), sentence)
        return values

    def _field_of(self, path: tuple[str, ...]) -> str | None:
        for length in range(len(path), 0, -1):
            name = "_".join(path[:length])
            name = self.names.get(name, name)
            if name in self.fields:
                return name
        return None

    def see(self, fingerprint: str) -> None:
        """After a conflict the person has seen what stands: sent once more, what was typed is a knowing choice."""
        self.data = {**{name: self.data.get(name) for name in self.data}, "seen": fingerprint}

    def both(self, values: dict[str, Any], name: str) -> dict[str, str]:
        return {"en": values.get(f"{name}_en", ""), "cy": values.get(f"{name}_cy", "")}


class NodeForm(_Checked):
    """One area, theme, standard or indicator of a draft, both languages side by side."""

    code = _Tidy(
        label=gettext_lazy("Code"), help_text=gettext_lazy("Once in this version. Members see it beside the text.")
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, level: str, version: FrameworkVersion, node: Node | None = None, inside: str = ""
    ):
        self.level, self.version, self.node, self.definition = level, version, node, level
        self.names = {"answer": "answer_type", "evidence": "evidence_expected"}
        self.names |= {f"evidence_{language}": f"evidence_expected_{language}" for language in ("en", "cy")}
        self.parent_name = _PARENTS.get(level, "")
        super().__init__(data, initial=self._initial(node, inside))
        for name, _file_name, label, hint, required, rows in _TEXTS[level]:
            self.fields.update(_text_fields(name, label, hint, rows, required=required))
        if self.parent_name:
            self.parents = {parent.code: parent for parent in self._parents()}
            choices = [(code, f"{code} {_heading(parent)}") for code, parent in self.parents.items()]
            self.fields["parent"] = forms.ChoiceField(label=_PARENT_LABELS[self.parent_name], choices=choices)
        if level == "standard":
            self.fields["resources"] = _Tidy(
                label=_("Resources"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
                help_text=_("One on each line: kind | English title | Welsh title | address. Kinds: policy, toolkit, "
                            "guidance, training, workshop, conference, event, individual."),
            )  # fmt: skip
        if level == "indicator":
            self.fields["kind"] = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, widget=forms.RadioSelect)
            self.fields["answer_type"] = forms.ChoiceField(
                label=_("How it is answered"), choices=AnswerType.choices, widget=forms.RadioSelect
            )

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """English and Welsh fields, side by side."""
        return [(self[f"{name}_en"], self[f"{name}_cy"]) for name, *_rest in _TEXTS[self.level]]

    def _parents(self) -> list[Any]:
        nodes = tree(self.version)
        if self.parent_name == "area":
            return [item.area for item in nodes.areas]
        return [item.theme for item in nodes.themes] if self.parent_name == "theme" else [
            item.standard for item in nodes.standards
        ]  # fmt: skip

    def _initial(self, node: Node | None, inside: str) -> dict[str, Any]:
        return (
            initial_of(node) | {"seen": fingerprint(node)}
            if node
            else {"parent": inside, "kind": Kind.GOOD_PRACTICE, "answer_type": AnswerType.MET_NOT_MET}
        )

    def part(self, values: dict[str, Any]) -> dict[str, Any]:
        """The form's content as the file format has it."""
        data: dict[str, Any] = {"code": values["code"]}
        data |= {file_name: self.both(values, name) for name, file_name, *_rest in _TEXTS[self.level]}
        if self.level == "indicator":
            data |= {"kind": values["kind"], "answer": values["answer_type"]}
        if self.level == "standard":
            data["resources"] = values["resources_list"]
        children = {"area": "themes", "theme": "standards", "standard": "indicators"}.get(self.level)
        return data | ({children: []} if children else {})

    def clean_resources(self) -> str:
        text = str(self.cleaned_data["resources"])
        resources = resources_from_text(text)
        if resources is None:
            raise forms.ValidationError(_("Write on each line: kind | English title | Welsh title | address."))
        self.cleaned_data["resources_list"] = resources
        return text

    def values(self) -> dict[str, Any]:
        """What the service takes: the fields of the model."""
        data = self.cleaned_data
        values: dict[str, Any] = {"code": data["code"]}
        values |= {name: Bilingual.of(self.both(data, name)) for name, *_rest in _TEXTS[self.level]}
        if self.parent_name:
            values[self.parent_name] = self.parents[data["parent"]]
        if self.level == "standard":
            values["resources"] = data["resources_list"]
        if self.level == "indicator":
            values |= {"kind": data["kind"], "answer_type": data["answer_type"]}
        return values


def _heading(node: Any) -> str:
    text = str(getattr(node, "name", None) or node.text)
    return text if len(text) <= 80 else f"{text[:79]}…"


def initial_of(node: Node) -> dict[str, Any]:
    """A node as the form shows it."""
    data = node_data(node)
    parent = parent_of(node)
    values: dict[str, Any] = {"code": node.code, "parent": parent.code if parent else ""}
    level = type(node).__name__.lower()
    for name, file_name, *_rest in _TEXTS[level]:
        values |= {f"{name}_{language}": data[file_name].get(language, "") for language in ("en", "cy")}
    if level == "standard":
        values["resources"] = resources_as_text(data["resources"])
    if level == "indicator":
        values |= {"kind": data["kind"], "answer_type": data["answer"]}
    return values


class FrameworkForm(_Checked):
    """What a framework says of itself on every page."""

    definition = "framework"
    names = {
        "strategy_name_en": "strategy_en", "strategy_name_cy": "strategy_cy", "strategy_target_year": "strategy_year",
    }  # fmt: skip
    strategy_year = forms.IntegerField(label=gettext_lazy("Target year of the strategy"), required=False)
    strategy_reach = forms.IntegerField(label=gettext_lazy("People the strategy means to reach"), required=False)
    help_email = _Tidy(label=gettext_lazy("E-mail address"), required=False, widget=forms.EmailInput)
    help_phone = _Tidy(label=gettext_lazy("Phone number"), required=False)
    help_url = _Tidy(label=gettext_lazy("Web page"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    _texts = [
        ("name", gettext_lazy("Name"), "", 0, True),
        ("purpose", gettext_lazy("Purpose"), gettext_lazy("What it is for."), 3, False),
        ("beneficiaries", gettext_lazy("Who it is for"), gettext_lazy("The people it is there for."), 2, False),
        ("strategy", gettext_lazy("Strategy"), gettext_lazy("The network's plan that it serves."), 0, False),
        ("help_label", gettext_lazy("Whom to ask"), gettext_lazy("A team or a person."), 0, False),
    ]  # fmt: skip

    def __init__(self, data: Any = None, *, framework: Framework):
        self.framework = framework
        super().__init__(data, initial=self.initial_of(framework) | {"seen": fingerprint(framework)})
        for name, label, hint, rows, required in self._texts:
            self.fields.update(_text_fields(name, label, hint, rows, required=required))

    @classmethod
    def initial_of(cls, framework: Framework) -> dict[str, Any]:
        values: dict[str, Any] = {
            name: getattr(framework, name)
            for name in ("strategy_year", "strategy_reach", "help_email", "help_phone", "help_url")
        }
        for name, *_rest in cls._texts:
            values |= {f"{name}_{language}": getattr(getattr(framework, name), language) for language in ("en", "cy")}
        return values

    @property
    def pairs(self) -> dict[str, tuple[forms.BoundField, forms.BoundField]]:
        return {name: (self[f"{name}_en"], self[f"{name}_cy"]) for name, *_rest in self._texts}

    def part(self, values: dict[str, Any]) -> dict[str, Any]:
        return {
            "slug": self.framework.slug,
            **{name: self.both(values, name) for name in ("name", "purpose", "beneficiaries")},
            "strategy": {
                "name": self.both(values, "strategy"),
                "target_year": values.get("strategy_year"),
                "reach": values.get("strategy_reach"),
            },
            "help": {
                "label": self.both(values, "help_label"),
                **{name: values.get(f"help_{name}", "") for name in ("email", "phone", "url")},
            },
        }

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        values = {name: Bilingual.of(self.both(data, name)) for name, *_rest in self._texts}
        names = ("strategy_year", "strategy_reach", "help_email", "help_phone", "help_url")
        return values | {name: data[name] for name in names}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Framework file"),
        help_text=gettext_lazy("A spreadsheet (.xlsx) or a YAML file (.yaml). You see what would change first."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.yaml,.yml"}),
    )  # fmt: skip


class ConfirmForm(forms.Form):
    """What is asked before a file becomes a draft."""

    label = _Tidy(label=gettext_lazy("Name of the new version"), max_length=60)
    update_framework = forms.BooleanField(
        label=gettext_lazy("Change the framework itself too. Members see that at once."), required=False
    )


class ConsultationForm(forms.Form):
    consulted = forms.CharField(
        label=gettext_lazy("Who was asked about this version"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Groups and dates are enough. No names of people who use services."),
    )  # fmt: skip
    decisions = forms.CharField(
        label=gettext_lazy("What was decided, and why"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip


_MOVES = {
    VersionStatus.DRAFT: (gettext_lazy("Back to draft"), gettext_lazy("It can be changed again.")),
    VersionStatus.CONSULTATION: (gettext_lazy("Out for consultation"), gettext_lazy("People say what they think.")),
    VersionStatus.PILOT: (gettext_lazy("Pilot"), gettext_lazy("A few members try it out.")),
    VersionStatus.RETIRED: (gettext_lazy("Retire it"), gettext_lazy("It can still be read; no new workbook uses it.")),
}  # fmt: skip


class MoveForm(ConsultationForm):
    """The next state of a version, by what its present state allows. Publishing has a page of its own."""

    def __init__(self, data: Any = None, *, version: FrameworkVersion, targets: list[str], initial: Any = None):
        super().__init__(data, initial=initial)
        radio = forms.RadioSelect()
        radio.hints = {name: _MOVES[VersionStatus(name)][1] for name in targets}  # type: ignore[attr-defined]  # for the template
        choices = [(name, _MOVES[VersionStatus(name)][0]) for name in targets]
        self.fields = {
            "to": forms.ChoiceField(label=_("What happens next"), choices=choices, widget=radio),
            "reason": forms.CharField(
                label=_("Why"), required=VersionStatus.RETIRED in targets, max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2}),
            ),
            **({} if version.is_frozen else self.fields),
        }  # fmt: skip


class CorrectForm(forms.Form):
    label = forms.CharField(
        label=gettext_lazy("Name of the new version"),
        max_length=60,
        help_text=gettext_lazy("For example 2027 or 2026.1."),
    )
    reason = forms.CharField(
        label=gettext_lazy("What is to be put right"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Members read this beside the new version."),
    )  # fmt: skip
