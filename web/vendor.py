"""Fetches nothing: copies the few front-end files we serve from node_modules to where they are served from."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

# What it is called here, and where its package keeps it.
FILES = {
    "designsystemet.css": "@digdir/designsystemet-css/dist/src/index.css",
    "designsystemet.LICENSE": "@digdir/designsystemet-css/LICENSE",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "hx-csp.min.js": "htmx.org/dist/ext/hx-csp.min.js",
    "hx-sse.min.js": "htmx.org/dist/ext/hx-sse.min.js",
    "htmx.LICENSE": "htmx.org/LICENSE",
    "inter-latin.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    "inter-latin-ext.woff2": "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
    "inter.LICENSE": "@fontsource-variable/inter/LICENSE",
}


def copy_vendored_files(packages: Path, target: Path) -> list[Path]:
    """Copy every file to `target` and say which were copied. Raises FileNotFoundError when a package is not installed."""
    target.mkdir(parents=True, exist_ok=True)
    copied = []
    for name, source in FILES.items():
        if not (packages / source).is_file():
            raise FileNotFoundError(f"{packages / source} is missing: run `npm ci --ignore-scripts` first")
        copied.append(Path(shutil.copyfile(packages / source, target / name)))
    return copied


if __name__ == "__main__":
    files = copy_vendored_files(ROOT / "node_modules", ROOT / "web" / "static" / "vendor")
    sys.stdout.write(f"{len(files)} files copied to web/static/vendor\n")
