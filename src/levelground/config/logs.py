"""Structured logs: one JSON object a line, with the request's id. Never a query string, a token or a name."""

import logging
import re
from typing import Any

import structlog

_LONG = re.compile(r"[^/]{21,}")


def safe_path(path: str) -> str:
    """The path with its long parts cut: they may be secrets (an invitation, a new password); our numbers are short."""
    return _LONG.sub(lambda part: part.group()[:4] + "…", path)


def formatter() -> logging.Formatter:
    """Sets structlog up to go through ``logging``, and gives the formatter for both."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(allow=["status_code"]), *shared],
    )
