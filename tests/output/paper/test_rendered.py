"""A paper in LibreOffice: it opens, and has all that was written into it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.output.paper.papers import Papers, plain

SOFFICE = shutil.which("soffice") or ""
HAS_WRITER = bool(SOFFICE) and (Path(SOFFICE).resolve().parent / "libswlo.so").exists()

pytestmark = pytest.mark.skipif(not HAS_WRITER, reason="LibreOffice Writer is not installed")


def converted(content: bytes, folder: Path, kind: str) -> Path:
    """The document as LibreOffice saves it in another format."""
    path, out = folder / "paper.docx", folder / "converted"
    path.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    run = [SOFFICE, profile, "--headless", "--convert-to", kind, "--outdir", out, path]
    subprocess.run(run, check=True, capture_output=True, timeout=300)
    return out / f"paper.{kind.partition(':')[0]}"


def test_it_opens_and_everything_is_there(rich: Papers, tmp_path: Path) -> None:
    found = converted(rich.full.content, tmp_path, "txt:Text (encoded):UTF8").read_text("utf-8-sig")
    text = " ".join(plain(found).split())
    wanted = [" ".join(each.split()) for each in rich.full.texts()]
    assert len(wanted) > 500
    assert [each for each in wanted if each not in text] == []


def test_a_template_that_libreoffice_saved_is_taken(rich: Papers, tmp_path: Path) -> None:
    # It writes the names of styles as they are shown, and Word in small letters.
    saved = converted(rich.full.content, tmp_path, "docx:MS Word 2007 XML")
    again = rich.written(template=saved)
    assert again.paragraphs == rich.full.paragraphs
    assert again.tables == rich.full.tables


def test_it_prints(rich: Papers, tmp_path: Path) -> None:
    content = converted(rich.full.content, tmp_path, "pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type/Page/") + content.count(b"/Type /Page\n") > 5
