"""What a network is offered when it opens its first cycle: the five documents of MQM-25, and the words to sign."""

from dataclasses import dataclass

from levelground.foundation.bilingual import Bilingual


@dataclass(frozen=True)
class Wanted:
    """A document that a cycle asks for; older than ``stale_months``, it is shown as getting old."""

    code: str
    name: Bilingual
    guidance: Bilingual
    stale_months: int | None


DOCUMENTS = [
    Wanted(
        "strategy",
        Bilingual("Strategic plan", "Cynllun strategol"),
        Bilingual(
            "The plan that your trustees work to now. It may cover several years.",
            "Y cynllun y mae eich ymddiriedolwyr yn gweithio iddo nawr. Gall gwmpasu sawl blwyddyn.",
        ),
        60,
    ),
    Wanted(
        "risk",
        Bilingual("Organisational risk assessment", "Asesiad risg y sefydliad"),
        Bilingual(
            "Your risk register, or the paper in which trustees last looked at the risks.",
            "Eich cofrestr risg, neu'r papur lle bu'r ymddiriedolwyr yn edrych ar y risgiau ddiwethaf.",
        ),
        12,
    ),
    Wanted(
        "budget",
        Bilingual("Current budget", "Y gyllideb bresennol"),
        Bilingual(
            "The budget for the year you are in, as trustees agreed it.",
            "Y gyllideb ar gyfer y flwyddyn bresennol, fel y cytunodd yr ymddiriedolwyr arni.",
        ),
        12,
    ),
    Wanted(
        "accounts",
        Bilingual("Latest management accounts", "Y cyfrifon rheoli diweddaraf"),
        Bilingual(
            "The newest accounts that your trustees or managers have seen: of a month or a quarter.",
            "Y cyfrifon diweddaraf a welodd eich ymddiriedolwyr neu'ch rheolwyr: am fis neu chwarter.",
        ),
        6,
    ),
    Wanted(
        "minutes",
        Bilingual("Minutes of the last trustee meeting", "Cofnodion cyfarfod diwethaf yr ymddiriedolwyr"),
        Bilingual(
            "The last set that was agreed, or the draft if it is newer.",
            "Y set ddiwethaf y cytunwyd arni, neu'r drafft os yw'n fwy newydd.",
        ),
        6,
    ),
]

DECLARATION = Bilingual(
    "I have read this year's answers, actions and documents. To the best of my knowledge they give an honest view of "
    "our organisation. I approve sending them to the network.",
    "Rwyf wedi darllen atebion, camau gweithredu a dogfennau eleni. Hyd y gwn i, maent yn rhoi darlun gonest o'n "
    "sefydliad. Rwy'n cymeradwyo eu hanfon at y rhwydwaith.",
)
