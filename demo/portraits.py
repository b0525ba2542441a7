"""`python -m demo.portraits FOLDER`: draws the faces of people who do not exist, as small JPEGs, with the browser that the tests use."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import async_playwright

CHROMIUM = "/usr/bin/chromium"
# The proportions of a passport photo.
WIDTH, HEIGHT = 315, 405
QUALITY = 88

HAIR_BEHIND = {
    "short": "",
    "crop": "",
    "bald": "",
    "curls": '<circle cx="158" cy="120" r="92"/><circle cx="80" cy="160" r="40"/><circle cx="236" cy="160" r="40"/>',
    "long": '<path d="M68 160 Q60 60 158 56 Q256 60 248 160 L256 320 Q206 346 158 340 Q110 346 60 320 Z"/>',
    "bob": '<path d="M66 160 Q60 58 158 56 Q256 58 250 160 L252 248 Q206 262 158 258 Q110 262 64 248 Z"/>',
    "bun": '<circle cx="158" cy="50" r="36"/>',
}
HAIR_BEFORE = {
    "short": '<path d="M80 158 Q74 66 158 64 Q242 66 236 158 Q232 116 206 106 Q150 120 112 104 Q86 116 80 158 Z"/>',
    "crop": '<path d="M82 148 Q78 70 158 68 Q238 70 234 148 Q226 104 158 98 Q90 104 82 148 Z"/>',
    "bald": '<path d="M80 176 Q72 142 84 122 Q88 150 88 178 Z M236 176 Q244 142 232 122 Q228 150 228 178 Z"/>',
    "curls": '<circle cx="108" cy="98" r="30"/><circle cx="148" cy="84" r="32"/>'
    '<circle cx="192" cy="90" r="32"/><circle cx="222" cy="118" r="22"/>',
    "long": '<path d="M80 176 Q78 70 158 66 Q238 70 236 176 Q226 118 170 96 Q126 128 96 128 Q84 146 80 176 Z"/>',
    "bob": '<path d="M80 170 Q78 68 158 64 Q238 68 236 170 Q236 130 226 124 L90 124 Q80 130 80 170 Z"/>',
    "bun": '<path d="M80 160 Q78 70 158 66 Q238 70 236 160 Q226 104 158 92 Q90 104 80 160 Z"/>',
}


@dataclass(frozen=True, slots=True)
class Face:
    """What somebody looks like. `young` faces are rounder; `lines` come with the years."""

    skin: str
    hair: str
    style: str
    clothes: str
    glasses: bool = False
    beard: bool = False
    young: bool = False
    lines: bool = False


LIGHT, FAIR, OLIVE, BROWN, DARK = "#f1c9ab", "#f6d7c3", "#d9a679", "#a8704a", "#6f4630"
FACES = (
    Face(FAIR, "#8a5a33", "bob", "#27506b", glasses=True, lines=True),
    Face(BROWN, "#221a17", "short", "#5d6b3a", beard=True),
    Face(FAIR, "#d7b26a", "long", "#b3485a", young=True),
    Face(OLIVE, "#2d211c", "curls", "#37637a", young=True),
    Face(LIGHT, "#6b4327", "crop", "#7a5c99", young=True),
    Face(DARK, "#1b1513", "bun", "#c08a2e", young=True),
    Face(LIGHT, "#c77f3d", "short", "#41705a", young=True, glasses=True),
    Face(FAIR, "#b9b3aa", "short", "#3d4a5c", lines=True, beard=True),
    Face(LIGHT, "#3b2a22", "long", "#8c3b3b", lines=True),
    Face(BROWN, "#1d1715", "bob", "#2f6a6a", glasses=True),
    Face(FAIR, "#9a958d", "bald", "#5a4a3d", lines=True, glasses=True),
    Face(OLIVE, "#3a2a20", "bun", "#586b8c"),
    Face(DARK, "#171210", "crop", "#8a8f3c", beard=True),
    Face(LIGHT, "#a34f2a", "curls", "#405f8f"),
    Face(FAIR, "#e0c58a", "crop", "#7b3f55"),
    Face(OLIVE, "#1f1815", "long", "#4f7d4a", glasses=True, lines=True),
)


BEARD = '<path d="M92 218 Q98 312 158 316 Q218 312 224 218 Q206 262 158 262 Q110 262 92 218 Z" fill="{hair}"/>'
GLASSES = """<g fill="#ffffff22" stroke="#2b1f1a" stroke-width="4"><rect x="96" y="166" width="52" height="38" rx="14"/>
<rect x="168" y="166" width="52" height="38" rx="14"/><path d="M148 180 h20"/></g>"""
LINES = """<g fill="none" stroke="#2b1f1a" stroke-opacity=".28" stroke-width="3"><path d="M118 132 h80 M126 144 h64"/>
<path d="M112 232 q-6 14 2 26 M204 232 q6 14 -2 26"/></g>"""
PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" width="315" height="405" viewBox="0 0 315 405">
<defs>
<linearGradient id="wall" x2="0" y2="1"><stop stop-color="#e9edf0"/><stop offset="1" stop-color="#c7ced4"/></linearGradient>
<radialGradient id="light" cx=".38" cy=".3" r=".9">
<stop stop-color="#fff" stop-opacity=".35"/><stop offset="1" stop-color="#000" stop-opacity=".22"/></radialGradient>
<filter id="grain"><feTurbulence type="fractalNoise" baseFrequency=".85" numOctaves="2" seed="{seed}"/>
<feColorMatrix values="0 0 0 0 .5  0 0 0 0 .5  0 0 0 0 .5  .28 .28 0 0 -.12"/></filter>
</defs>
<rect width="315" height="405" fill="url(#wall)"/>
<g fill="{hair}">{hair_behind}</g>
<path d="M16 405 Q22 330 118 316 L198 316 Q294 330 300 405 Z" fill="{clothes}"/>
<path d="M122 262 h72 v58 q-36 34 -72 0 Z" fill="{skin}"/>
<path d="M122 284 q36 40 72 0 v14 q-36 34 -72 0 Z" fill="#000" opacity=".16"/>
<g fill="{skin}"><ellipse cx="80" cy="188" rx="12" ry="22"/><ellipse cx="236" cy="188" rx="12" ry="22"/></g>
<path d="{outline}" fill="{skin}"/><path d="{outline}" fill="url(#light)"/>
{beard}
<g fill="#fff"><ellipse cx="122" cy="184" rx="16" ry="10"/><ellipse cx="194" cy="184" rx="16" ry="10"/></g>
<g fill="#2b1f1a"><circle cx="123" cy="184" r="{eye}"/><circle cx="195" cy="184" r="{eye}"/></g>
<g fill="#fff"><circle cx="126" cy="181" r="2.4"/><circle cx="198" cy="181" r="2.4"/></g>
<path d="M104 164 q18 -12 36 -2 M176 162 q18 -10 36 2" fill="none" stroke="{hair}" stroke-width="6" stroke-linecap="round"/>
<path d="M158 188 q-12 34 -6 40 q8 6 16 0" fill="none" stroke="#000" stroke-opacity=".35" stroke-width="4" stroke-linecap="round"/>
<path d="M132 250 q26 14 52 0" fill="none" stroke="#8d3f3a" stroke-width="6" stroke-linecap="round"/>
{lines}{glasses}
<g fill="{hair}">{hair_before}</g>
<rect width="315" height="405" filter="url(#grain)" opacity=".5"/>
</svg>"""


def drawn(face: Face, seed: int) -> str:
    """Draw a face as SVG, with the grain of a photograph."""
    chin = 286 if face.young else 304
    return PICTURE.format(
        seed=seed,
        skin=face.skin,
        hair=face.hair,
        clothes=face.clothes,
        hair_behind=HAIR_BEHIND[face.style],
        hair_before=HAIR_BEFORE[face.style],
        outline=f"M80 160 Q80 76 158 74 Q236 76 236 160 Q238 {chin - 40} 158 {chin} Q78 {chin - 40} 80 160 Z",
        eye=9 if face.young else 7,
        beard=BEARD.format(hair=face.hair) if face.beard else "",
        lines=LINES if face.lines else "",
        glasses=GLASSES if face.glasses else "",
    )


async def draw(folder: Path) -> None:
    """Draw everybody into a folder, as 01.jpg and so on."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        sheet = await browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for number, face in enumerate(FACES, start=1):
            await sheet.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{drawn(face, number)}")
            await sheet.screenshot(path=folder / f"{number:02}.jpg", type="jpeg", quality=QUALITY)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(draw(Path(sys.argv[1])))
