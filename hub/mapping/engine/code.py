"""Lines of generated Python, and the values they name.

Nothing that a person wrote in a mapping becomes code: every value is bound to a name that is made here, and comments
keep to plain characters. What is generated lives in memory only; no error shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

FILE = "<a mapping of the hub>"
"""How generated code is called in a profile."""


class Code:
    """Functions under construction."""

    def __init__(self, names: dict[str, Any]) -> None:
        """Begin with what the functions may call, by name."""
        self.names: dict[str, Any] = {"__builtins__": {}, **names}
        self._bound: dict[tuple[type, Any], str] = {}
        self._lines: list[str] = []
        self._depth = 0

    def bind(self, value: object, hint: str) -> str:
        """Give the name of a value; `hint` is a word of ours."""
        key = (type(value), value if type(value) in {str, int, frozenset} else id(value))
        if key not in self._bound:
            name = self._bound[key] = f"{hint}_{len(self._bound)}"
            self.names[name] = value
        return self._bound[key]

    def line(self, text: str, remark: str = "") -> None:
        """Add a line; a `remark` is a comment for whoever prints the code."""
        comment = f"  # {plain(remark)}" if remark else ""
        self._lines.append("    " * self._depth + text + comment)

    def block(self, head: str, remark: str = "") -> Block:
        """Add a line with those below it, as `with code.block("if x:")`."""
        return Block(self, head, remark)

    def made(self, name: str) -> Callable[..., Any]:
        """Make the functions of the lines written so far, and give the one of this name; then begin with new lines."""
        exec(compile(self.text(), FILE, "exec"), self.names)  # noqa: S102 - built from names of our own only
        self._lines = []
        function: Callable[..., Any] = self.names[name]
        return function

    def later(self, name: str, write: Callable[[], None]) -> Later:
        """Let `write` add the lines of a function when it is first called: of a mapping a message needs a tenth."""

        def make() -> Callable[..., Any]:
            write()
            return self.made(name)

        later = self.names[name] = Later(make)
        return later

    def text(self) -> str:
        """Give the source text."""
        return "\n".join(self._lines) + "\n"

    def indent(self, by: int) -> None:
        """Go deeper, or back."""
        self._depth += by


class Later:
    """A function that is made when it is first called. `settle` is told of it then, so that it is called at once."""

    __slots__ = ("_made", "_make", "settle")

    def __init__(self, make: Callable[[], Callable[..., Any]]) -> None:
        """Begin without it."""
        self._make = make
        self._made: Callable[..., Any] | None = None
        self.settle: Callable[[Callable[..., Any]], None] | None = None

    def __call__(self, *given: object) -> object:
        """Call the function."""
        if self._made is None:
            self._made = self._make()
            if self.settle:
                self.settle(self._made)
        return self._made(*given)


class Block:
    """The lines below a line."""

    def __init__(self, code: Code, head: str, remark: str) -> None:
        """Take the line above them."""
        self._code = code
        self._head = head
        self._remark = remark

    def __enter__(self) -> None:
        self._code.line(self._head, self._remark)
        self._code.indent(1)

    def __exit__(self, *_: object) -> None:
        self._code.indent(-1)


def plain(text: str) -> str:
    """Give a text that can't end a comment."""
    return "".join(each if each.isascii() and each.isprintable() else "?" for each in text)
