"""Returns for tests that need some: one that was sent a quarter of a year ago, and one being written now."""

import datetime as dt
from decimal import Decimal
from typing import Any

from levelground.foundation import clock
from levelground.frameworks.models import Framework
from levelground.organisations.models import Organisation
from levelground.returns import rules, services
from levelground.returns.models import QuarterlyReturn, ReturnQuarter


def set_quarters(framework: Framework, by: Any) -> tuple[ReturnQuarter, ReturnQuarter]:
    """Two years, so that the first quarter of the second was over last month: (the quarter before it, it)."""
    begin = rules.month_on(clock.today(), -3)
    before = rules.month_on(begin, -12)
    last = services.open_year(framework=framework, year=before.year, first_month=before.month, by=by)[3]
    return last, services.open_year(framework=framework, year=begin.year, first_month=begin.month, by=by)[0]


def write_returns(
    organisation: Organisation, last: ReturnQuarter, now: ReturnQuarter, by: Any
) -> tuple[QuarterlyReturn, QuarterlyReturn]:
    """(the one that was sent, the draft)."""
    content: dict[str, Any] = {
        "organisation": organisation, "values": {"people_reached": Decimal(120)}, "significant_change": False,
        "description": "", "chosen": [], "by": by,
    }  # fmt: skip
    with clock.at(dt.datetime.combine(last.on_time_by, dt.time(12), tzinfo=dt.UTC)):
        services.save_draft(quarter=last, **content)
        sent = services.send_return(quarter=last, organisation=organisation, by=by)
    return sent, services.save_draft(quarter=now, **content)
