"""Invented names of places, members and people. Each number gives another member name, in an order that looks mixed."""

import math
import random
from dataclasses import dataclass

from levelground.organisations.models import fold
from levelground.organisations.states import Nation

_ENGLISH_FIRST = [
    "Amber", "Bramble", "Briar", "Cinder", "Clover", "Copper", "Dapple", "Dusk", "Ember", "Fallow", "Flint",
    "Glimmer", "Hazel", "Heron", "Juniper", "Kestrel", "Lark", "Linnet", "Marl", "Moss", "Nettle", "Otter",
    "Pebble", "Plover", "Quill", "Rowan", "Saffron", "Skylark", "Sorrel", "Swift", "Tansy", "Thistle", "Umber",
    "Withy", "Wren", "Yarrow", "Lantern", "Meadow", "Harvest", "Compass",
]  # fmt: skip
_ENGLISH_SECOND = [
    "beck", "bourne", "brook", "combe", "croft", "dale", "fell", "ford", "garth", "hay", "holt", "hurst", "leigh",
    "marsh", "mead", "mere", "moor", "ridge", "stead", "stow", "thorpe", "vale", "water", "wick", "wold",
]  # fmt: skip
_WELSH_FIRST = ["Cwm", "Bryn", "Glan", "Nant", "Pen", "Rhos", "Maes", "Dôl", "Llwyn", "Craig", "Coed", "Ffynnon"]
_WELSH_SECOND = [
    "Arian", "yr Eos", "y Gwenyn", "Heulog", "Gobaith", "y Dryw", "Lleuad", "y Grug", "Niwlog", "yr Ehedydd",
    "y Bwncath", "Seren", "y Barcud", "Cwmwl", "yr Onnen", "Meillion", "y Dylluan", "Enfys", "y Fronfraith", "Rhedyn",
    "Awel", "y Wennol", "Mafon", "y Cnau", "yr Hebog", "Blodau", "Mwyar", "Briallu", "y Gornchwiglen", "Tawelwch",
]  # fmt: skip
_KINDS = [
    ("{} Wellbeing", "Lles {}"),
    ("{} Minds", "Meddyliau {}"),
    ("{} Together", "{} Gyda'n Gilydd"),
    ("{} Mental Health", "Iechyd Meddwl {}"),
    ("{} Open Door", "Drws Agored {}"),
    ("{} Listening Place", "Lle i Wrando {}"),
    ("{} Recovery", "Adferiad {}"),
    ("{} Talking Rooms", "Stafelloedd Siarad {}"),
    ("{} Support Circle", "Cylch Cefnogi {}"),
    ("{} Garden Project", "Prosiect Gardd {}"),
    ("{} Peer Network", "Rhwydwaith Cymheiriaid {}"),
    ("{} Crisis House", "Tŷ Argyfwng {}"),
]
REGIONS = {
    Nation.ENGLAND: [
        "East Midlands", "East of England", "London", "North East", "North West", "South East", "South West",
        "West Midlands", "Yorkshire and the Humber",
    ],
    Nation.WALES: [
        "Cardiff", "Carmarthenshire", "Ceredigion", "Conwy", "Gwent", "Gwynedd", "Isle of Anglesey", "Pembrokeshire",
        "Powys", "Swansea", "Wrexham",
    ],
}  # fmt: skip
_PEOPLE = [
    "Abena", "Adil", "Agnes", "Aisha", "Alun", "Amir", "Anwen", "Aoife", "Bethan", "Bilal", "Callum", "Carwyn",
    "Chidi", "Claire", "Dafydd", "Deepa", "Dylan", "Efa", "Elena", "Emeka", "Farah", "Ffion", "Fiona", "Gareth",
    "Gethin", "Gwen", "Hana", "Harjit", "Huw", "Ifan", "Imani", "Iwan", "Jasmine", "Joanna", "Kwame", "Leah",
    "Lowri", "Luca", "Mair", "Marek", "Megan", "Mei", "Nadia", "Nathan", "Nerys", "Nia", "Olga", "Omar", "Owain",
    "Paula", "Rashid", "Rhian", "Rosa", "Ruth", "Sanjay", "Sian", "Sofia", "Tariq", "Tegan", "Wendy", "Yusuf",
    "Zainab",
]  # fmt: skip
_FAMILIES = [
    "Adeyinka", "Ahmadi", "Ashworth", "Bartley", "Begum", "Bevan", "Blackwood", "Boateng", "Brough", "Chowdhury",
    "Clegg", "Cole", "Davies", "Devlin", "Dyer", "Eastwood", "Edwards", "Ellis", "Farrow", "Fenwick", "Gill",
    "Griffiths", "Hadley", "Haque", "Hartley", "Howells", "Hussain", "Iqbal", "Jarvis", "Jenkins", "Kaur",
    "Kendrick", "Khatun", "Lewis", "Lister", "Lloyd", "Malik", "Mensah", "Morris", "Mukherjee", "Nowak", "Obi",
    "Oakes", "Parry", "Patel", "Pryce", "Quinn", "Rahman", "Rees", "Rowlands", "Sandhu", "Shaw", "Silva",
    "Thackeray", "Thomas", "Tierney", "Ugwu", "Vaughan", "Walcott", "Williams", "Yeo",
]  # fmt: skip
LARGEST = 12_000


@dataclass(frozen=True)
class Name:
    slug: str
    en: str
    cy: str


def _mixed(number: int, *lists: list[str]) -> list[str]:
    """The ``number``th combination of one from each list, none twice, neighbours unlike each other."""
    total = math.prod(map(len, lists))
    step = next(n for n in range(int(total * 0.618) | 1, 2 * total, 2) if math.gcd(n, total) == 1)
    rest, found = (number * step) % total, []
    for words in lists:
        rest, place = divmod(rest, len(words))
        found.append(words[place])
    return found


def member_name(number: int, nation: str) -> Name:
    """The name of the ``number``th member of a nation."""
    kinds = list(map(str, range(len(_KINDS))))
    if nation == Nation.WALES:
        first, second, kind = _mixed(number, _WELSH_FIRST, _WELSH_SECOND, kinds)
        place = f"{first} {second}"
    else:
        first, second, kind = _mixed(number, _ENGLISH_FIRST, _ENGLISH_SECOND, kinds)
        place = first + second
    en, cy = (pattern.format(place) for pattern in _KINDS[int(kind)])
    return Name(fold(en).replace("'", "").replace(" ", "-"), en, cy)


def person_name(dice: random.Random) -> str:
    return f"{dice.choice(_PEOPLE)} {dice.choice(_FAMILIES)}"
