"""The code lists by which results are looked at apart: each with its edition, because lists change.

Nobody is ever asked or filed here by these lists: they name groups, as people have described themselves elsewhere.
``Z`` is not stated (asked, and chose not to say); ``99`` is not known (not asked). The two differ, and neither is a
group. A list that has been used never changes: a change is a new edition.
"""

from dataclasses import dataclass
from functools import cache

from levelground.foundation.bilingual import Bilingual

from .states import SegmentKind

_GROUP, _NOT_STATED, _NOT_KNOWN = SegmentKind.GROUP, SegmentKind.NOT_STATED, SegmentKind.NOT_KNOWN


@dataclass(frozen=True)
class Code:
    code: str
    label: Bilingual
    kind: SegmentKind = _GROUP


@dataclass(frozen=True)
class CodeList:
    """One edition of one characteristic's list. ``ordered``: the order means something, from first to last."""

    characteristic: str
    edition: str
    name: Bilingual
    codes: tuple[Code, ...]
    ordered: bool = False

    @property
    def key(self) -> str:
        """``ethnicity/2021``."""
        return f"{self.characteristic}/{self.edition}"


_UNKNOWN = (
    Code("Z", Bilingual("Not stated", "Heb ei nodi"), _NOT_STATED),
    Code("99", Bilingual("Not known", "Ddim yn hysbys"), _NOT_KNOWN),
)


def _list(
    characteristic: str, edition: str, name: tuple[str, str], rows: list[tuple[str, str, str]], *, ordered: bool = False
) -> CodeList:
    codes = tuple(Code(code, Bilingual(en, cy)) for code, en, cy in rows)
    return CodeList(characteristic, edition, Bilingual(*name), (*codes, *_UNKNOWN), ordered)


def _deciles(edition: str, en: str, cy: str) -> CodeList:
    rows = [(str(n), str(n), str(n)) for n in range(1, 11)]
    rows[0] = ("1", "1 (most deprived)", "1 (mwyaf difreintiedig)")
    rows[9] = ("10", "10 (least deprived)", "10 (lleiaf difreintiedig)")
    return _list("deprivation", edition, (en, cy), rows, ordered=True)


_YES_NO = [("Y", "Yes", "Oes"), ("N", "No", "Nac oes")]
_IT_IS = [("Y", "Yes", "Ydy"), ("N", "No", "Nac ydy")]

LISTS: tuple[CodeList, ...] = (
    _list("ethnicity", "2001", ("Ethnicity (NHS list of 2001)", "Ethnigrwydd (rhestr y GIG, 2001)"), [
        ("A", "White: British", "Gwyn: Prydeinig"),
        ("B", "White: Irish", "Gwyn: Gwyddelig"),
        ("C", "White: any other background", "Gwyn: unrhyw gefndir arall"),
        ("D", "Mixed: White and Black Caribbean", "Cymysg: Gwyn a Du Caribïaidd"),
        ("E", "Mixed: White and Black African", "Cymysg: Gwyn a Du Affricanaidd"),
        ("F", "Mixed: White and Asian", "Cymysg: Gwyn ac Asiaidd"),
        ("G", "Mixed: any other background", "Cymysg: unrhyw gefndir arall"),
        ("H", "Asian: Indian", "Asiaidd: Indiaidd"),
        ("J", "Asian: Pakistani", "Asiaidd: Pacistanaidd"),
        ("K", "Asian: Bangladeshi", "Asiaidd: Bangladeshaidd"),
        ("L", "Asian: any other background", "Asiaidd: unrhyw gefndir arall"),
        ("M", "Black: Caribbean", "Du: Caribïaidd"),
        ("N", "Black: African", "Du: Affricanaidd"),
        ("P", "Black: any other background", "Du: unrhyw gefndir arall"),
        ("R", "Chinese", "Tsieineaidd"),
        ("S", "Any other ethnic group", "Unrhyw grŵp ethnig arall"),
    ]),
    _list("ethnicity", "2021", ("Ethnicity (census list of 2021)", "Ethnigrwydd (rhestr cyfrifiad 2021)"), [
        ("1", "Asian: Bangladeshi", "Asiaidd: Bangladeshaidd"),
        ("2", "Asian: Chinese", "Asiaidd: Tsieineaidd"),
        ("3", "Asian: Indian", "Asiaidd: Indiaidd"),
        ("4", "Asian: Pakistani", "Asiaidd: Pacistanaidd"),
        ("5", "Asian: any other background", "Asiaidd: unrhyw gefndir arall"),
        ("6", "Black: African", "Du: Affricanaidd"),
        ("7", "Black: Caribbean", "Du: Caribïaidd"),
        ("8", "Black: any other background", "Du: unrhyw gefndir arall"),
        ("9", "Mixed: White and Asian", "Cymysg: Gwyn ac Asiaidd"),
        ("10", "Mixed: White and Black African", "Cymysg: Gwyn a Du Affricanaidd"),
        ("11", "Mixed: White and Black Caribbean", "Cymysg: Gwyn a Du Caribïaidd"),
        ("12", "Mixed: any other background", "Cymysg: unrhyw gefndir arall"),
        ("13", "White: Welsh, English, Scottish, Northern Irish or British",
         "Gwyn: Cymreig, Seisnig, Albanaidd, Gogledd Gwyddelig neu Brydeinig"),
        ("14", "White: Irish", "Gwyn: Gwyddelig"),
        ("15", "White: Gypsy or Irish Traveller", "Gwyn: Sipsi neu Deithiwr Gwyddelig"),
        ("16", "White: Roma", "Gwyn: Roma"),
        ("17", "White: any other background", "Gwyn: unrhyw gefndir arall"),
        ("18", "Arab", "Arabaidd"),
        ("19", "Any other ethnic group", "Unrhyw grŵp ethnig arall"),
    ]),
    _list("age", "10-years", ("Age (bands of ten years)", "Oedran (bandiau o ddeng mlynedd)"), [
        ("0-17", "Under 18", "Dan 18"), ("18-24", "18 to 24", "18 i 24"), ("25-34", "25 to 34", "25 i 34"),
        ("35-44", "35 to 44", "35 i 44"), ("45-54", "45 to 54", "45 i 54"), ("55-64", "55 to 64", "55 i 64"),
        ("65-74", "65 to 74", "65 i 74"), ("75+", "75 and over", "75 a throsodd"),
    ], ordered=True),
    _list("sex", "1", ("Sex", "Rhyw"), [
        ("F", "Female", "Benyw"), ("M", "Male", "Gwryw"), ("I", "Indeterminate", "Amhenodol"),
    ]),
    _list("gender", "2021", ("Gender identity the same as the sex registered at birth",
                             "Hunaniaeth rhywedd yr un fath â'r rhyw a gofrestrwyd adeg geni"), _IT_IS),
    _list("disability", "1", ("Disability", "Anabledd"), _YES_NO),
    _list("orientation", "2021", ("Sexual orientation (census list of 2021)",
                                  "Cyfeiriadedd rhywiol (rhestr cyfrifiad 2021)"), [
        ("1", "Straight or heterosexual", "Heterorywiol"), ("2", "Gay or lesbian", "Hoyw neu lesbiaidd"),
        ("3", "Bisexual", "Deurywiol"), ("4", "Other", "Arall"),
    ]),
    _list("religion", "2021", ("Religion or belief (census list of 2021)",
                               "Crefydd neu gred (rhestr cyfrifiad 2021)"), [
        ("1", "None", "Dim"), ("2", "Christian", "Cristnogol"), ("3", "Buddhist", "Bwdhaidd"),
        ("4", "Hindu", "Hindŵaidd"), ("5", "Jewish", "Iddewig"), ("6", "Muslim", "Mwslimaidd"),
        ("7", "Sikh", "Sicaidd"), ("8", "Other", "Arall"),
    ]),
    _list("partnership", "1", ("Married or in a civil partnership", "Priod neu mewn partneriaeth sifil"), _IT_IS),
    _list("pregnancy", "1", ("Pregnant, or gave birth in the last year",
                             "Beichiog, neu wedi rhoi genedigaeth yn y flwyddyn ddiwethaf"), _IT_IS),
    _list("carer", "1", ("Unpaid carer", "Gofalwr di-dâl"), _IT_IS),
    _list("language", "1", ("Preferred language", "Dewis iaith"), [
        ("cy", "Welsh", "Cymraeg"), ("en", "English", "Saesneg"),
        ("bsl", "British Sign Language", "Iaith Arwyddion Prydain"),
        ("other", "Another language", "Iaith arall"),
    ]),
    _deciles("wales-2019", "Deprivation decile (Wales, 2019)", "Degradd amddifadedd (Cymru, 2019)"),
    _deciles("england-2019", "Deprivation decile (England, 2019)", "Degradd amddifadedd (Lloegr, 2019)"),
    _deciles("scotland-2020", "Deprivation decile (Scotland, 2020)", "Degradd amddifadedd (Yr Alban, 2020)"),
    _deciles("northern-ireland-2017", "Deprivation decile (Northern Ireland, 2017)",
             "Degradd amddifadedd (Gogledd Iwerddon, 2017)"),
)  # fmt: skip


@cache
def by_key() -> dict[str, CodeList]:
    return {one.key: one for one in LISTS}
