"""What the demonstration's people write, in English and in Welsh."""

from levelground.foundation.bilingual import Bilingual

# What members plan, by theme, in English and in Welsh.
WORK = {
    "1": [
        (
            "Put our mission in two plain sentences and test them",
            "Rhoi ein cenhadaeth mewn dwy frawddeg glir a'u profi",
        ),
        (
            "Hold a planning day with people who use our services",
            "Cynnal diwrnod cynllunio gyda phobl sy'n defnyddio ein gwasanaethau",
        ),
    ],
    "2": [
        (
            "Write a skills list for trustees and find the gaps",
            "Llunio rhestr sgiliau i ymddiriedolwyr a chanfod y bylchau",
        ),
        ("Put a yearly check in the board's calendar", "Rhoi gwiriad blynyddol yng nghalendr y bwrdd"),
    ],
    "3": [
        ("Book safeguarding training for every new volunteer", "Trefnu hyfforddiant diogelu i bob gwirfoddolwr newydd"),
        (
            "Agree who people call when they worry about someone",
            "Cytuno pwy i'w ffonio pan fydd rhywun yn poeni am berson arall",
        ),
    ],
    "4": [
        ("Make a list of the personal data that we keep", "Llunio rhestr o'r data personol rydym yn ei gadw"),
        ("Set out how long we keep each kind of record", "Nodi pa mor hir rydym yn cadw pob math o gofnod"),
    ],
    "5": [("Plan one learning hour a month for the whole team", "Trefnu awr ddysgu bob mis i'r tîm cyfan")],
    "6": [("Bring the risk register to every board meeting", "Dod â'r gofrestr risg i bob cyfarfod bwrdd")],
    "7": [
        ("Write a one-page welcome for new volunteers", "Ysgrifennu croeso un dudalen i wirfoddolwyr newydd"),
        ("Give every member of staff a yearly review", "Rhoi adolygiad blynyddol i bob aelod o staff"),
    ],
    "8": [
        (
            "Ask people at the start and the end what has changed",
            "Gofyn i bobl ar y dechrau ac ar y diwedd beth sydd wedi newid",
        ),
        (
            "Share this year's results with the people we support",
            "Rhannu canlyniadau eleni gyda'r bobl rydym yn eu cefnogi",
        ),
    ],
    "9": [("Apply to two new funders before the summer", "Gwneud cais i ddau gyllidwr newydd cyn yr haf")],
    "10": [
        ("Pay people with lived experience for their time", "Talu pobl â phrofiad bywyd am eu hamser"),
        ("Start a panel that meets before each board meeting", "Sefydlu panel sy'n cwrdd cyn pob cyfarfod bwrdd"),
    ],
    "11": [("Check our building and website with disabled people", "Gwirio ein hadeilad a'n gwefan gyda phobl anabl")],
    "12": [
        (
            "Meet our three closest partners and agree who does what",
            "Cwrdd â'n tri phartner agosaf a chytuno pwy sy'n gwneud beth",
        )
    ],
    "13": [
        (
            "Write a short guide to how we talk about mental health",
            "Ysgrifennu canllaw byr ar sut rydym yn siarad am iechyd meddwl",
        )
    ],
}
# A push to grow, whatever the answers say.
GROWTH = [
    ("Share what works with a member nearby", "Rhannu'r hyn sy'n gweithio gydag aelod cyfagos"),
    (
        "Ask the people we support what we should do next",
        "Gofyn i'r bobl rydym yn eu cefnogi beth ddylem ei wneud nesaf",
    ),
    (
        "Write down how we do this, for whoever comes after us",
        "Ysgrifennu sut rydym yn gwneud hyn, i'r rhai a ddaw ar ein hôl",
    ),
    ("Offer this at the weekend too", "Cynnig hyn dros y penwythnos hefyd"),
    ("Try this out in Welsh first", "Rhoi cynnig ar hyn yn Gymraeg yn gyntaf"),
    ("Invite two partners to see how we work", "Gwahodd dau bartner i weld sut rydym yn gweithio"),
]
UNDER_WAY = {
    "en": [
        "First draft written. Waiting for comments.",
        "Talked about it with the trustees. They want to see costs.",
        "Half of the team has done it.",
        "A volunteer has offered to help with this.",
    ],
    "cy": [
        "Drafft cyntaf wedi'i ysgrifennu. Yn aros am sylwadau.",
        "Wedi trafod gyda'r ymddiriedolwyr. Maent am weld y costau.",
        "Mae hanner y tîm wedi'i wneud.",
        "Mae gwirfoddolwr wedi cynnig helpu gyda hyn.",
    ],
}
DONE = {
    "en": [
        "Agreed by the board.",
        "Done, and in use since last month.",
        "Everybody has had the training.",
        "The new version is on our website.",
        "We tried it, changed two things, and keep it.",
    ],
    "cy": [
        "Cytunwyd gan y bwrdd.",
        "Wedi'i wneud, ac yn cael ei ddefnyddio ers y mis diwethaf.",
        "Mae pawb wedi cael yr hyfforddiant.",
        "Mae'r fersiwn newydd ar ein gwefan.",
        "Rhoesom gynnig arno, newid dau beth, a'i gadw.",
    ],
}
CANCELLED = {
    "en": [
        "A partner does this for us now, so we do not need it.",
        "The contract ended, so this is not needed.",
        "Another action covers it.",
    ],
    "cy": [
        "Mae partner yn gwneud hyn i ni nawr, felly nid oes ei angen.",
        "Daeth y contract i ben, felly nid oes angen hyn.",
        "Mae cam gweithredu arall yn cynnwys hyn.",
    ],
}
COMMENTS = {
    "en": [
        "I asked the trustees about this one. They agree.",
        "Is this still true since we moved?",
        "Can we show the new policy here?",
        "Well done, everybody. This took us two years.",
    ],
    "cy": [
        "Gofynnais i'r ymddiriedolwyr am hyn. Maent yn cytuno.",
        "A yw hyn yn dal yn wir ers i ni symud?",
        "A allwn ddangos y polisi newydd yma?",
        "Da iawn bawb. Cymerodd hyn ddwy flynedd i ni.",
    ],
}
# Why the network sent a snapshot back, or took it out.
RETURNED = "The trustee minutes are from last year. Please add the newest ones."
WITHDRAWN = "The member closed for some months this year and sends its next snapshot when it has opened again."
# What a return says of a significant change, and beside the indicator.
CHANGED = (
    Bilingual(
        "Something important has changed since our last return. We have a plan for it.",
        "Mae rhywbeth pwysig wedi newid ers ein ffurflen ddiwethaf. Mae gennym gynllun ar ei gyfer.",
    ),
    Bilingual("People have left, and others have come.", "Mae pobl wedi gadael, ac eraill wedi dod."),
)
# Asked in each quarter, beside people reached.
FIGURES = [
    (Bilingual("Volunteers", "Gwirfoddolwyr"), "count"),
    (Bilingual("People waiting for a first appointment", "Pobl sy'n aros am apwyntiad cyntaf"), "count"),
    (Bilingual("Income this quarter", "Incwm y chwarter hwn"), "money"),
    (Bilingual("People who say that it helped", "Pobl sy'n dweud ei fod wedi helpu"), "percent"),
]
STANDS_IN = Bilingual(
    "An invented paper of the demonstration network", "Papur wedi'i ddyfeisio o'r rhwydwaith arddangos"
)
# Title and text of each kind of document.
PAPERS = {
    "strategy": (
        Bilingual("Strategic plan", "Cynllun strategol"),
        Bilingual(
            "Where we want to be in three years, and the first steps.\nMore people hear of us, and find the door open.",
            "Lle rydym am fod ymhen tair blynedd, a'r camau cyntaf.\nMwy o bobl yn clywed amdanom, a'r drws ar agor.",
        ),
    ),
    "risk": (
        Bilingual("Risk register", "Cofrestr risg"),
        Bilingual(
            "What could go wrong, how likely it is, and what we do about it.\nThe board looks at it every quarter.",
            "Beth allai fynd o'i le, pa mor debygol yw, a beth a wnawn.\nMae'r bwrdd yn edrych arni bob chwarter.",
        ),
    ),
    "budget": (
        Bilingual("Budget for the year", "Cyllideb y flwyddyn"),
        Bilingual(
            "What we expect to receive and to spend.\nAgreed by the trustees.",
            "Yr hyn rydym yn disgwyl ei dderbyn a'i wario.\nCytunwyd arni gan yr ymddiriedolwyr.",
        ),
    ),
    "accounts": (
        Bilingual("Management accounts", "Cyfrifon rheoli"),
        Bilingual(
            "How the money stands at the end of the quarter, beside the budget.",
            "Sefyllfa'r arian ar ddiwedd y chwarter, wrth ochr y gyllideb.",
        ),
    ),
    "minutes": (
        Bilingual("Trustee meeting minutes", "Cofnodion cyfarfod yr ymddiriedolwyr"),
        Bilingual(
            "Who was there, what was decided, and who does it.",
            "Pwy oedd yno, beth a benderfynwyd, a phwy fydd yn ei wneud.",
        ),
    ),
    "safeguarding": (
        Bilingual("Safeguarding policy", "Polisi diogelu"),
        Bilingual("What we do when we worry about somebody.", "Beth rydym yn ei wneud pan fyddwn yn poeni am rywun."),
    ),
    "privacy": (
        Bilingual("Data protection policy", "Polisi diogelu data"),
        Bilingual(
            "What we keep about people, why, and for how long.", "Beth rydym yn ei gadw am bobl, pam, ac am ba hyd."
        ),
    ),
    "volunteers": (
        Bilingual("Volunteer handbook", "Llawlyfr gwirfoddolwyr"),
        Bilingual("Welcome! This is how we work together.", "Croeso! Dyma sut rydym yn gweithio gyda'n gilydd."),
    ),
    "reserves": (
        Bilingual("Reserves policy", "Polisi cronfeydd wrth gefn"),
        Bilingual("How much we keep aside, and for what.", "Faint rydym yn ei gadw wrth gefn, ac at beth."),
    ),
    "annual-report": (
        Bilingual("Annual report", "Adroddiad blynyddol"),
        Bilingual(
            "What we did this year, and what people told us.", "Beth wnaethom eleni, a beth ddywedodd pobl wrthym."
        ),
    ),
}
