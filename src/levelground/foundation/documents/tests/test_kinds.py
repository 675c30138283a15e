"""What a file is, from its bytes; hostile files are refused with a sentence."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelground.foundation.documents import archives, kinds
from levelground.foundation.errors import Invalid

from .samples import GOOD, OLE, archive, office, ole, opendocument

EXE = b"MZ\x90\0\x03\0\0\0\x04" + bytes(60) + b"PE\0\0"


def check(data: bytes, extension: str) -> kinds.Kind:
    return kinds.check(io.BytesIO(data), extension)


@pytest.mark.parametrize("extension", GOOD)
def test_every_kind_that_is_taken_is_known_by_its_bytes(extension: str) -> None:
    kind = check(GOOD[extension], extension)
    assert extension == kind.extension or extension in kind.also
    assert f".{extension}" in kinds.ACCEPT.split(",")


def test_the_list_of_samples_misses_no_kind() -> None:
    assert set(kinds.KINDS) <= set(GOOD)


@pytest.mark.parametrize("extension", ["exe", "html", "svg", "js", "docm", "xlsm", "zip", "php", "msg", "", "pdf.exe"])
def test_other_kinds_are_refused_with_the_list_of_those_taken(extension: str) -> None:
    with pytest.raises(Invalid, match="Use a PDF"):
        check(GOOD["pdf"], extension)


@pytest.mark.parametrize(
    ("data", "extension"),
    [
        (EXE, "pdf"),
        (EXE, "txt"),
        (EXE, "docx"),
        (b"<html><script>alert(1)</script>%PDF-1.7", "pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "png"),
        (b"  <!DOCTYPE html><p>", "txt"),
        (b"\xef\xbb\xbf<html>", "csv"),
        (b"<?xml version='1.0'?><svg/>", "txt"),
        (b"#!/bin/sh\nrm -rf", "txt"),
        ("<script>".encode("utf-16"), "txt"),
        (b"name\0,sum", "csv"),
        (b"\xff\xfe\0\xd8", "txt"),
        (b"\x81\x8d", "txt"),
        (GOOD["pdf"], "docx"),
        (GOOD["docx"], "xlsx"),
        (GOOD["odt"], "docx"),
        (GOOD["doc"], "xls"),
        (GOOD["png"], "jpg"),
        (archive({"readme.txt": b"hello"}), "docx"),
        (archive({"[Content_Types].xml": b"", "word/document.xml": b""}), "docx"),
        (archive({"mimetype": b"application/epub+zip"}), "odt"),
        (ole("Root Entry", "Contents"), "doc"),
        (OLE.ljust(512, b"\0") + b"x" + "WordDocument".encode("utf-16-le") + b"\0\0", "doc"),
        (EXE + GOOD["docx"], "docx"),
    ],
)
def test_a_disguised_file_is_refused_and_told_what_to_do(data: bytes, extension: str) -> None:
    with pytest.raises(Invalid, match="save it again"):
        check(data, extension)


@pytest.mark.parametrize(
    ("data", "extension"),
    [
        (office("docx", {"word/vbaProject.bin": b"x"}), "docx"),
        (office("xlsx", {"xl/VBAPROJECT.BIN": b"x"}), "xlsx"),
        (office("xlsx", types=b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"), "xlsx"),
        (office("pptx", {"ppt/activeX/activeX1.bin": b"x"}), "pptx"),
        (opendocument("odt", {"Basic/Standard/Module1.xml": b"x"}), "odt"),
        (opendocument("ods", {"Scripts/python/x.py": b"x"}), "ods"),
        (ole("WordDocument", "Macros"), "doc"),
        (ole("Workbook", "_VBA_PROJECT_CUR"), "xls"),
    ],
)
def test_macros_are_refused(data: bytes, extension: str) -> None:
    with pytest.raises(Invalid, match="macros"):
        check(data, extension)


def _locked() -> bytes:
    data = bytearray(GOOD["docx"])
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(signature, at + 4)
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "extension"),
    [
        (_locked(), "docx"),
        (ole("EncryptedPackage", "EncryptionInfo"), "doc"),
        (opendocument("odt", {"META-INF/manifest.xml": b"<manifest:encryption-data/>"}), "odt"),
    ],
)
def test_a_locked_file_is_refused(data: bytes, extension: str) -> None:
    with pytest.raises(Invalid, match="password"):
        check(data, extension)


def test_a_locked_new_office_file_is_refused_under_its_own_extension() -> None:
    with pytest.raises(Invalid, match="password"):
        check(ole("EncryptedPackage"), "docx")


def test_zip_bombs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Invalid, match="far too big"):
        check(office("docx", {"word/big.xml": bytes(30 * 1024 * 1024)}), "docx")
    monkeypatch.setattr(archives, "MAX_UNPACKED", 100)
    with pytest.raises(Invalid, match="far too big"):
        check(office("docx", {"word/media.bin": bytes(200)}), "docx")
    monkeypatch.undo()
    monkeypatch.setattr(archives, "MAX_MEMBERS", 5)
    with pytest.raises(Invalid, match="far too big"):
        check(office("docx", {f"word/{n}.xml": b"" for n in range(6)}), "docx")


def test_rtf_with_a_file_inside_is_refused() -> None:
    with pytest.raises(Invalid, match="other files inside"):
        check(b"{\\rtf1{\\object\\objemb{\\objdata 0105}}}", "rtf")


def test_a_cut_off_archive_is_refused_as_damaged() -> None:
    data = GOOD["docx"]
    with pytest.raises(Invalid, match="damaged"):
        check(data[: len(data) // 2], "docx")
    with pytest.raises(Invalid, match="damaged"):
        check(b"PK\x03\x04" + bytes(100), "xlsx")


def test_an_archive_with_an_unknown_packing_is_refused_as_damaged() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("[Content_Types].xml", b"x")
    data = bytearray(out.getvalue())
    for signature, offset in ((b"PK\x01\x02", 10), (b"PK\x03\x04", 8)):
        data[data.find(signature) + offset] = 99
    with pytest.raises(Invalid, match="damaged"):
        check(bytes(data), "docx")


_STARTS = [b"", b"PK\x03\x04", OLE, b"%PDF-", b"{\\rtf1", b"\xff\xfe"]


@given(st.binary(max_size=2000), st.sampled_from(sorted(kinds.KINDS)), st.sampled_from(_STARTS))
def test_any_bytes_are_taken_or_refused_but_never_crash(data: bytes, extension: str, magic: bytes) -> None:
    try:
        kind = check(magic + data, extension)
    except Invalid as refusal:
        assert str(refusal).endswith((".", ")."))
    else:
        assert kind.extension == extension


@given(st.data())
def test_a_mangled_office_file_never_crashes(data: st.DataObject) -> None:
    mangled = bytearray(GOOD["docx"])
    for _ in range(data.draw(st.integers(1, 8))):
        mangled[data.draw(st.integers(4, len(mangled) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert check(bytes(mangled), "docx").extension == "docx"
    except Invalid as refusal:
        assert str(refusal)
