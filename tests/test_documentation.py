"""What the documentation says is there is there."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DECISIONS = ROOT / "docs" / "decisions"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
DECISION_PAGES = sorted(DECISIONS.glob("[0-9]*.md"))
PICTURES = sorted((ROOT / "docs" / "pictures").iterdir())
HEADINGS = ["Context", "Decision", "Consequences", "Alternatives", "What enforces it"]
MOST_DECISIONS = 10
WIDTH, LARGEST_PICTURE = 1280, 200_000

FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
FILE = re.compile(r"[\w.-]+\.(?:py|md|toml|lock|json|yml|css|html|po|ini|cfg)")
FOLDERS_AND_FILES = re.compile(r"\.?\w[\w.-]*(?:/[\w.-]+)*/?")


def named(page: Path) -> str:
    """What a page is called in the report of a test."""
    return page.relative_to(ROOT).as_posix()


def made_when_run() -> list[str]:
    """What is not in the repository, since programs make it."""
    return [line for line in (ROOT / ".gitignore").read_text("utf-8").split() if "*" not in line]


def paths_in(text: str) -> Iterator[str]:
    """Every word set as code that can only be meant as a file or a folder of ours."""
    for span in SPAN.findall(FENCE.sub("", text)):
        is_path = "/" in span and FOLDERS_AND_FILES.fullmatch(span)
        if (is_path or FILE.fullmatch(span)) and not span.startswith(tuple(made_when_run())):
            yield span


def links_of(page: Path) -> Iterator[tuple[str, str]]:
    """The text and the target of every link and picture of a page, as far as it leads to something of ours."""
    for _, words, target in LINK.findall(page.read_text("utf-8")):
        if "://" not in target:
            yield words, target


def anchors_of(page: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def leads_somewhere(page: Path, target: str) -> bool:
    """Say whether a link of a page has something at its other end."""
    path, _, anchor = target.partition("#")
    there = (page.parent / path).resolve() if path else page
    return there.exists() and (not anchor or anchor in anchors_of(there))


def sections_of(page: Path) -> dict[str, str]:
    """The text under each heading of the second level."""
    _, *sections = re.split(r"^## ", page.read_text("utf-8"), flags=re.MULTILINE)
    return {heading: text.strip() for heading, _, text in (section.partition("\n") for section in sections)}


def title_of(page: Path) -> str:
    """The heading of a page, without its mark."""
    return page.read_text("utf-8").partition("\n")[0].removeprefix("# ")


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_path_that_is_named_exists(page: Path) -> None:
    """A file that was moved takes its name in the documentation along."""
    missing = [path for path in paths_in(page.read_text("utf-8")) if not (ROOT / path).exists()]

    assert [] == missing


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    """The first thing a newcomer types must work."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    told = set(re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE))

    assert told <= targets


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_no_link_is_dead(page: Path) -> None:
    """Pages, pictures, tests and headings alike."""
    dead = [target for _, target in links_of(page) if not leads_somewhere(page, target)]

    assert [] == dead


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_test_that_is_named_exists_where_its_link_leads(page: Path) -> None:
    """A proof that is gone proves nothing."""
    text = page.read_text("utf-8")
    linked = {words.strip("`"): page.parent / target for words, target in links_of(page) if words.startswith("`test_")}
    gone = [name for name, file in linked.items() if not re.search(rf"^(?:async )?def {name}\(", file.read_text("utf-8"), re.MULTILINE)]

    assert [] == gone
    assert linked.keys() == set(re.findall(r"`(test_\w+)`", text))


def test_every_threat_is_stopped_by_a_test() -> None:
    """What is not tested stands under its own heading, for everybody to see."""
    sections = sections_of(ROOT / "docs" / "threats.md")
    threats = [threat for heading, text in sections.items() if heading != "Not stopped here" for threat in text.split("\n* ")]

    assert len(threats) > len(sections)
    assert [] == [threat for threat in threats if "[`test_" not in threat]


def test_every_page_is_found_from_the_first() -> None:
    """What nobody links to nobody reads."""
    found, to_read = set[Path](), [PAGES[0]]
    while to_read:
        page = to_read.pop()
        found.add(page)
        linked = {(page.parent / target.partition("#")[0]).resolve() for _, target in links_of(page)}
        to_read += [there for there in linked if there.suffix == ".md" and there not in found]

    assert set(PAGES) <= found


def test_the_readme_says_what_lies_in_every_folder() -> None:
    """A folder that nobody explains is a cupboard under the stairs."""
    generated = {name.strip("/") for name in made_when_run()}
    folders = {entry.name for entry in ROOT.iterdir() if entry.is_dir() and not entry.name.startswith(".")} - generated
    explained = set(re.findall(r"^\| `(\w+)/` \|", PAGES[0].read_text("utf-8"), re.MULTILINE))

    assert folders == explained


def test_decisions_are_few_and_numbered_in_order() -> None:
    """More than ten and nobody reads them."""
    numbers = [int(page.name[:4]) for page in DECISION_PAGES]

    assert list(range(1, len(numbers) + 1)) == numbers
    assert len(numbers) <= MOST_DECISIONS


@pytest.mark.parametrize("page", DECISION_PAGES, ids=named)
def test_a_decision_has_its_five_parts_and_can_be_quoted(page: Path) -> None:
    """Somebody in a hurry reads the one sentence; somebody who doubts finds what else was thought of."""
    sections = sections_of(page)
    quoted = [line for line in sections["Decision"].splitlines() if line.startswith("> ")]

    assert HEADINGS == list(sections)
    assert all(sections.values())
    assert 1 == len(quoted)
    assert quoted[0].endswith(".")


def test_the_index_lists_every_decision_by_its_title() -> None:
    """The list of titles is the shortest way to read all of them."""
    lines = re.findall(r"^(\d+)\. \[(.+)\]\((.+)\)$", (DECISIONS / "README.md").read_text("utf-8"), re.MULTILINE)

    assert [(title_of(page), page.name) for page in DECISION_PAGES] == [(f"{number}. {title}", file) for number, title, file in lines]


@pytest.mark.parametrize("picture", PICTURES, ids=named)
def test_a_picture_is_shown_described_and_light(picture: Path) -> None:
    """Every clone carries it, and not everybody sees it."""
    content = picture.read_bytes()
    shown = [words for page in PAGES for words, target in links_of(page) if (page.parent / target).resolve() == picture.resolve()]

    assert content.startswith(b"\x89PNG")
    assert (WIDTH,) == struct.unpack(">I", content[16:20])
    assert len(content) <= LARGEST_PICTURE
    assert shown
    assert all(shown)
