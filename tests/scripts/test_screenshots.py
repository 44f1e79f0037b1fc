"""The pictures of the documents: each is of a page that is taken, and small ones are whole PNG files."""

from __future__ import annotations

import base64
import struct
import zlib

from scripts.screenshots import DOCUMENTS, LOOKS, SHOTS, small, wanted


def test_the_documents_hold_a_picture_of_every_page() -> None:
    names = {f"{shot.name}{look.name}.png" for shot, look in wanted(False)}
    assert {file.name for file in DOCUMENTS.glob("*.png")} == names
    assert {f"{shot.name}.png" for shot in SHOTS} < names
    assert len(wanted(True)) == len(SHOTS) * len(LOOKS)
    assert len({shot.name for shot in SHOTS}) == len(SHOTS)


def test_a_picture_of_few_colours_is_a_png_with_its_palette_and_its_dots() -> None:
    dots, colours = bytes([0, 1, 1, 0, 0, 1]), [255, 255, 255, 11, 96, 118]
    picture = {"width": 3, "height": 2, "colours": colours, "dots": base64.b64encode(dots)}
    found: dict[bytes, bytes] = {}
    file, at = small(picture), 8
    while at < len(file):
        size, kind = struct.unpack(">I4s", file[at : at + 8])
        data = file[at + 8 : at + 8 + size]
        assert struct.unpack(">I", file[at + 8 + size : at + 12 + size]) == (zlib.crc32(kind + data),)
        found[kind], at = data, at + 12 + size
    assert struct.unpack(">IIBB", found[b"IHDR"][:10]) == (3, 2, 8, 3)
    assert found[b"PLTE"] == bytes(colours)
    assert zlib.decompress(found[b"IDAT"]) == b"\0" + dots[:3] + b"\0" + dots[3:]
    assert list(found)[-1] == b"IEND"
