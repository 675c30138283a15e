"""``levelground demo``: its size, and what it says on the way."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from levelground.demo.management.progress import Progress


@pytest.mark.parametrize("members", [-1, 0, 5, 12_001])
def test_a_size_that_it_does_not_have_is_refused(members: int) -> None:
    with pytest.raises(CommandError, match="from 6 to 12000"):
        call_command("demo", members=members, no_serve=True)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_moves_on_a_terminal() -> None:
    out = Terminal()
    tell = Progress(400, out)
    tell(200)
    tell(400)
    first, second = out.getvalue().lstrip("\r").split("\r")
    assert "200 of 400 members" in first
    assert first.count("█") * 2 == second.count("█")
    assert second.endswith("\n")


def test_a_log_gets_a_few_lines() -> None:
    out = io.StringIO()
    tell = Progress(10_000, out)
    for done in range(200, 10_001, 200):
        tell(done)
    assert len(out.getvalue().splitlines()) == 10
    quiet = io.StringIO()
    Progress(112, quiet)(112)
    assert quiet.getvalue() == ""
