"""Finds the functions of a C++ file and how long they are, without a compiler.

The text is first reduced to code: comments, literals and preprocessor lines become blanks. Then every brace is told
apart by what stands before it: a namespace or class (look inside), a function (measure it), or an initialiser (skip it).
"""

import re
from dataclasses import dataclass

NOT_CODE = re.compile(
    r'//[^\n]*|/\*.*?\*/'  # comments
    r'|R"(?P<mark>[^\s()\\]{0,16})\(.*?\)(?P=mark)"'  # raw strings
    r'|"(?:\\.|[^"\\\n])*"'  # strings
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'"  # characters, but not the ' of 1'000
    r"|^[ \t]*#(?:[^\n\\]|\\.|\\\n)*",  # preprocessor lines
    re.DOTALL | re.MULTILINE)
CONTAINER = re.compile(r"^(?:inline |export |typedef |static |constexpr |alignas\([^)]*\) ?)*"
                       r"(?:(?:namespace|class|struct|union|enum)\b|extern$)")
ACCESS_LABEL = re.compile(r"\s*(?:public|protected|private)\s*:$")
NAME = re.compile(r"(operator\s*(?:\(\s*\)|[^\s(]+)|~?\w+)\s*\(")


@dataclass(frozen=True)
class Function:
    name: str
    first_line: int
    last_line: int

    @property
    def lines(self):
        return self.last_line - self.first_line + 1


@dataclass
class Block:
    kind: str  # "container", "function" or "initialiser"
    head: str
    first_line: int


def functions(text):
    """Every function that is defined in `text`. What is inside a function, a lambda for one, counts as its part."""
    scanner = _Scanner()
    for number, line in enumerate(code_only(text).splitlines(), start=1):
        for character in line + "\n":
            function = scanner.feed(character, number)
            if function:
                yield function


def code_only(text):
    """`text` with all that is not code blanked out; line numbers stay."""
    return NOT_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]) or " ", text)


class _Scanner:
    """Walks over the braces. `head` is what stands since the last `;`, `{` or `}`."""

    def __init__(self):
        self.blocks = []
        self.head = ""
        self.head_line = 0
        self.parentheses = 0

    def feed(self, character, line):
        if character == "{":
            self._open(line)
        elif character == "}":
            return self._close(line)
        elif character == ";" and self.parentheses == 0:
            self._start_head()
        else:
            self._extend_head(character, line)
        return None

    def _open(self, line):
        outer = self.blocks[-1].kind if self.blocks else "container"
        kind = classify(self.head, self.parentheses) if outer == "container" else "initialiser"
        self.blocks.append(Block(kind, self.head, self.head_line or line))
        if kind != "initialiser":
            self._start_head()

    def _close(self, line):
        block = self.blocks.pop() if self.blocks else Block("initialiser", "", line)
        if block.kind == "initialiser":
            self.head += "{}"
            return None
        self._start_head()
        if block.kind == "function":
            return Function(name_of(block.head), block.first_line, line)
        return None

    def _start_head(self):
        self.head, self.head_line, self.parentheses = "", 0, 0

    def _extend_head(self, character, line):
        if not self.head_line and not character.isspace():
            self.head_line = line
        self.parentheses += {"(": 1, ")": -1}.get(character, 0)
        self.head += character
        if character == ":" and ACCESS_LABEL.match(self.head):
            self._start_head()


def classify(head, parentheses):
    """What a brace opens after `head`, in which so many parentheses are still open."""
    head = without_template(" ".join(head.split()))
    if parentheses > 0:
        return "initialiser"
    if CONTAINER.match(re.sub(r"\[\[.*?\]\] ?", "", head)):
        return "container"
    plain = flatten(re.sub(r"\boperator\s*(\(\s*\)|[^\s(]+)", "operator", head))
    if "()" not in plain or re.search(r"(?<![=!<>])=(?!=)", plain.split("()")[0]):
        return "initialiser"
    in_member_initialisers = re.search(r"\)[^:]*[^:]:[^:]", plain)
    if in_member_initialisers and not plain.endswith((")", "}")):
        return "initialiser"
    return "function"


def without_template(head):
    """`head` without the template<...> at its start."""
    while head.startswith("template"):
        depth = 0
        for index, character in enumerate(head):
            depth += {"<": 1, ">": -1}.get(character, 0)
            if character == ">" and depth == 0:
                head = re.sub(r"^(?:requires [\w:]+(?:<[^()]*?>)? )?", "", head[index + 1:].lstrip())
                break
        else:
            break
    return head


def flatten(head):
    """`head` with the content of its outermost parentheses left out."""
    depth, plain = 0, ""
    for character in head:
        depth -= character == ")"
        if depth == 0:
            plain += character
        depth += character == "("
    return plain.rstrip()


def name_of(head):
    match = NAME.search(without_template(" ".join(head.split())))
    return match[1] if match else "?"
