"""What people said about the things that the demonstration's measures follow, by the measure's English name (WM-05)."""

from levelground.foundation.bilingual import Bilingual

_B = Bilingual
MATTERS = {
    "Days from referral to first contact": _B(
        "I never know how long the wait will be, and nobody tells me.",
        "Dydw i byth yn gwybod pa mor hir fydd yr aros, a does neb yn dweud wrtha i.",
    ),
    "Still waiting at the end of the month": _B(
        "It feels as if I have been forgotten on a list.", "Mae'n teimlo fel petawn i wedi cael fy anghofio ar restr."
    ),
    "Felt listened to": _B(
        "Just listen to me before you decide what I need.",
        "Gwrandewch arna i cyn penderfynu beth sydd ei angen arna i.",
    ),
    "Came back within 28 days": _B(
        "Don't send me home before I am ready.", "Peidiwch â fy anfon adref cyn i mi fod yn barod."
    ),
    "Falls": _B("Mum should be safe when I can't be with her.", "Dylai Mam fod yn ddiogel pan na alla i fod gyda hi."),
    "Days between serious incidents": _B(
        "I want to feel safe here, at night too.", "Rydw i eisiau teimlo'n ddiogel yma, gyda'r nos hefyd."
    ),
    "Care plans agreed together": _B(
        "It's my life: plan it with me and not about me.", "Fy mywyd i yw e: cynlluniwch gyda fi, nid amdana i."
    ),
    "Staff who would recommend us": _B(
        "When the staff are worn out, we can tell.", "Pan fydd y staff wedi blino'n lân, rydyn ni'n sylwi."
    ),
    "Seen within a week": _B(
        "A week is a long time when you have asked for help.",
        "Mae wythnos yn amser hir pan fyddwch wedi gofyn am help.",
    ),
    "Median days to a first appointment": _B(
        "Tell me when, and keep to it.", "Dywedwch wrtha i pryd, a chadwch at hynny."
    ),
    "Missed appointments": _B(
        "The times never fit around my shifts or the bus.", "Dyw'r amserau byth yn ffitio gyda fy shifftiau na'r bws."
    ),
    "Offered in the chosen language": _B(
        "I can't say how I feel in my second language.", "Alla i ddim dweud sut rydw i'n teimlo yn fy ail iaith."
    ),
    "Calls answered the same day": _B(
        "I ring and ring, and it takes all my courage each time.",
        "Rydw i'n ffonio ac yn ffonio, ac mae'n cymryd fy holl ddewrder bob tro.",
    ),
    "Complaints for each 1,000 contacts": _B(
        "When something goes wrong, I want it to change for the next person.",
        "Pan fydd rhywbeth yn mynd o'i le, rydw i eisiau iddo newid i'r person nesaf.",
    ),
    "Seen within four hours": _B(
        "Sitting there for hours in a crisis makes it worse.",
        "Mae eistedd yno am oriau mewn argyfwng yn gwneud pethau'n waeth.",
    ),
    "Calls to the crisis line": _B(
        "It helps to know that somebody is there at three in the morning.",
        "Mae'n help gwybod bod rhywun yno am dri o'r gloch y bore.",
    ),
    "Detained under the Act": _B(
        "Help me early, so that it does not come to that.", "Helpwch fi'n gynnar, fel nad yw'n dod i hynny."
    ),
    "Days between restraints": _B(
        "Nobody should lay hands on me when I am frightened.", "Ddylai neb afael ynof i pan fydd ofn arna i."
    ),
    "Left without being seen": _B(
        "I gave up and went home, and nobody noticed.", "Rhoddais y ffidil yn y to a mynd adref, a sylwodd neb."
    ),
    "Safety plans made": _B(
        "I need to know what to do when it gets dark again.",
        "Mae angen i mi wybod beth i'w wneud pan aiff hi'n dywyll eto.",
    ),
    "Days to a first session": _B(
        "By the time they saw my son, he had stopped going to school.",
        "Erbyn iddyn nhw weld fy mab, roedd wedi rhoi'r gorau i fynd i'r ysgol.",
    ),
    "Reached their own goal": _B(
        "Ask me what I want to get better at.", "Gofynnwch i mi beth rydw i eisiau gwella arno."
    ),
    "School days missed": _B("I just want to be with my friends again.", "Rydw i eisiau bod gyda fy ffrindiau eto."),
    "Sessions in Welsh": _B(
        "At home we speak Welsh, and so should my sessions.",
        "Cymraeg rydyn ni'n ei siarad gartref, a dyna sut dylai fy sesiynau fod.",
    ),
    "Families who felt included": _B(
        "We live with it every day, and nobody asked us.", "Rydyn ni'n byw gyda hyn bob dydd, a holodd neb ni."
    ),
    "Sessions cancelled by us": _B(
        "You get ready for it, and then they cancel.", "Rydych chi'n paratoi, ac yna maen nhw'n canslo."
    ),
    "Well-being at the end of a course": _B(
        "I want to feel like myself again.", "Rydw i eisiau teimlo fel fi fy hun eto."
    ),
    "Courses led with a peer": _B(
        "It is different when the person has been there too.",
        "Mae'n wahanol pan fydd y person wedi bod drwyddi hefyd.",
    ),
    "Learners from the most deprived tenth": _B(
        "Places like that are not for people from our estate.",
        "Dyw llefydd fel yna ddim i bobl o'n hystad ni.",
    ),
    "Learners who left early": _B("I stopped coming, and nobody asked why.", "Peidiais â dod, a holodd neb pam."),
    "New learners": _B("I did not know that this was here for me.", "Wyddwn i ddim fod hyn yma i mi."),
}
# One has nothing yet about what matters to people; the other could be published, and its team still talks about it.
DRAFTS = {"Overtime hours", "School days missed"}
