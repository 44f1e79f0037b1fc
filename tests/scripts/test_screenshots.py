"""The pictures of the documents: each is of a page that is taken, and small ones are whole PNG files."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

from scripts.screenshots import DOCUMENTS, LOOKS, SHOTS, small, wanted


def test_the_documents_hold_a_picture_of_every_page() -> None:
    names = {f"{shot.name}{look.name}.png" for shot, look in wanted(False)}
    assert {file.name for file in DOCUMENTS.glob("*.png")} == names
    assert {f"{shot.name}.png" for shot in SHOTS} < names
    assert len(wanted(True)) == len(SHOTS) * len(LOOKS)
    assert len({shot.name for shot in SHOTS}) == len(SHOTS)


def test_a_picture_keeps_its_flat_and_its_rare_colors_in_a_palette() -> None:
    page = Image.linear_gradient("L").resize((400, 400)).convert("RGB")  # more colors than a palette holds
    for column in range(400):
        page.putpixel((column, 0), (column % 256, 90, 255 - column % 256))
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 100, 399, 399), fill=(246, 248, 249))
    draw.rectangle((20, 120, 39, 139), fill=(200, 30, 30))

    found = Image.open(BytesIO(small(png(page))))

    assert (found.format, found.mode, found.size) == ("PNG", "P", (400, 400))
    assert len(found.getcolors() or []) <= 256
    colors = found.convert("RGB")
    assert colors.getpixel((300, 300)) == (246, 248, 249)
    assert colors.getpixel((30, 130)) == (200, 30, 30)


def test_a_picture_of_few_colors_stays_as_it_is() -> None:
    page = Image.new("RGB", (3, 2), (255, 255, 255))
    page.putpixel((1, 0), (11, 96, 118))

    found = Image.open(BytesIO(small(png(page))))

    assert found.mode == "P"
    assert found.convert("RGB").tobytes() == page.tobytes()


def png(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
