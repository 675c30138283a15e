"""Django's sessions in the database, found by a prepared query: every request asks for one."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from levelground.foundation import clock
from levelground.foundation.prepared import Prepared

_session = Prepared(lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now))


class SessionStore(db.SessionStore):
    """What Django's store does, a little quicker."""

    def _get_session_from_db(self) -> Any:
        found = _session.first(self.session_key, clock.now()) if self.session_key else None
        if found is None:
            self._session_key = None
        return found
