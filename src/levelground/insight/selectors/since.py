"""What changed since the year before. Frozen snapshots never change, so their answers are read once per process."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from levelground.assessments.models import Snapshot
from levelground.assessments.services.frozen import read
from levelground.assessments.states import Value
from levelground.frameworks.models import FrameworkVersion
from levelground.frameworks.selectors import mapping, tree


@dataclass(frozen=True)
class Frozen:
    """A snapshot without its content."""

    pk: int
    year: int
    sha256: str
    version_id: int
    public_id: str


@dataclass(frozen=True)
class Since:
    """This year's answers beside those of an earlier snapshot."""

    earlier: Frozen
    met_then: int
    met_now: int
    better: int
    worse: int
    new: int
    waiting: int


def since(earlier: Frozen, now: Mapping[str, str], version: FrameworkVersion) -> Since:
    """``now`` holds this year's values by the codes of ``version``."""
    then = _values(earlier.pk, earlier.sha256)
    codes = _codes(earlier.version_id, version.pk, version.sha256)
    pairs = [(then.get(codes.get(code, ""), None), value) for code, value in now.items()]
    return Since(
        earlier,
        met_then=sum(value == Value.MET for value in then.values()),
        met_now=sum(value == Value.MET for value in now.values()),
        better=sum(was is not None and value == Value.MET != was for was, value in pairs),
        worse=sum(was == Value.MET and value == Value.NOT_YET for was, value in pairs),
        new=sum(was is None for was, _value in pairs),
        waiting=sum(bool(was) and not value for was, value in pairs),
    )


def values_of(frozen: Frozen) -> Mapping[str, str]:
    """The answers of a snapshot by code."""
    return _values(frozen.pk, frozen.sha256)


@lru_cache(maxsize=256)
def _values(pk: int, _sha256: str) -> dict[str, str]:
    return {item["code"]: item["value"] for item in read(Snapshot.objects.get(pk=pk))["indicators"]}


@lru_cache(maxsize=64)
def _codes(old_id: int, new_id: int, _sha256: str) -> dict[str, str]:
    """Which code an indicator of the newer version had in the older one."""
    new = FrameworkVersion.objects.select_related("corrects").get(pk=new_id)
    new_codes = {one.pk: one.code for one in tree(new).indicators}
    if old_id == new_id:
        return {code: code for code in new_codes.values()}
    old = FrameworkVersion.objects.get(pk=old_id)
    old_codes = {one.pk: one.code for one in tree(old).indicators}
    return {new_codes[new_pk]: old_codes[old_pk] for old_pk, new_pk, _carries in mapping(old, new)}
