"""The picture of an explanation in the documentation: what the command prints for the message of the page.

`python -m tests.support.picture > docs/images/explanation.svg` draws it anew; a test says when that is needed.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.terminal_theme import MONOKAI

from hub.cli.mapping.explain import explain
from hub.cli.screen import out
from tests.support.pages import ROOT, blocks

PAGE = ROOT / "docs" / "how-to" / "why-is-this-field-empty.md"
IMAGE = ROOT / "docs" / "images" / "explanation.svg"
COLUMNS = 118
TITLE = "zaakhub map explain message.xml"
DESCRIPTION = (
    "A terminal shows the result of a mapping as a tree: behind each field its value, the conversion that led to it, "
    "the element and line of the message, and the file and line of the rule; an empty field says why it is empty."
)


def draw() -> str:
    """Run the command and give what it prints, with its colours, as SVG without anything from elsewhere."""
    [message] = [block.text for block in blocks(PAGE) if block.file == "message.xml"]
    out.record, out.width, out.file = True, COLUMNS, io.StringIO()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "message.xml"
        file.write_text(message, encoding="utf-8")
        explain(str(file))
    out.print()  # the frame is drawn over the foot of the last line
    drawn = out.export_svg(title=TITLE, code_format=_FORMAT, theme=MONOKAI, unique_id="explanation")
    return re.sub(r"[ \t]+$", "", drawn, flags=re.MULTILINE).strip() + "\n"


# Fonts come from the reader's own machine.
_FORMAT = re.sub(r" *(?:@font-face \{\{.*?\}\}|<!--.*?-->)\n", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL).replace(
    '<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">',
    '<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img" '
    f'aria-labelledby="t d">\n    <title id="t">{TITLE}</title>\n    <desc id="d">{DESCRIPTION}</desc>',
)

if __name__ == "__main__":
    sys.stdout.write(draw())
