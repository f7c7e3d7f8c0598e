# documents.py - the examples in README.md and docs/*.md, cut out of them
# SPDX-License-Identifier: MIT

import dataclasses
import pathlib
import re

import namespace

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]

# What stands in the documents, and what stands for it in the tests.
ADDRESSES = {
    "192.168.0.8": namespace.HOST,  # the PC
    "pc.local": namespace.HOST,
    "192.168.0.50": namespace.BOARD,
}


@dataclasses.dataclass
class Block:
    document: pathlib.Path
    line: int  # where it begins
    kind: str  # of a fenced block its language, else what it looks like
    text: str
    prose: str  # what stands before it

    @property
    def name(self):
        return f"{self.document.relative_to(ROOT)}:{self.line}"

    @property
    def first_line(self):
        return self.text.split("\n")[0]

    @property
    def code(self):
        """The text, with addresses that the tests' network has."""
        return here(self.text)


def here(text):
    for address, replacement in ADDRESSES.items():
        text = re.sub(rf"{re.escape(address)}(?!\d)", replacement, text)
    return text


def kind_of(text):
    """Of a block that is indented, which has no language."""
    if text.startswith(">>> "):
        return "prompt"
    if text.rstrip().endswith("-> dict"):
        return "signature"
    if re.match(r"(include|c_module)\(", text):
        return "manifest"
    if re.search(r";( *//.*)?$", text, re.M):
        return "c"
    return "shell"


def blocks_of(document):
    """All code in a document, in fences or indented by four columns."""
    lines = document.read_text().split("\n")
    start = 0
    while start < len(lines):
        end = start + 1
        if lines[start].startswith("```"):
            while lines[end] != "```":
                end += 1
            kind, body = lines[start][3:], lines[start + 1 : end]
            end += 1
        elif lines[start].startswith("    ") and not lines[start - 1].strip():
            while lines[end].startswith("    "):
                end += 1
            body = [line[4:] for line in lines[start:end]]
            kind = kind_of("\n".join(body))
        else:
            start = end
            continue
        prose = "\n".join(lines[max(0, start - 4) : start])
        yield Block(document, start + 1, kind, "\n".join(body) + "\n", prose)
        start = end


BLOCKS = [block for document in DOCUMENTS for block in blocks_of(document)]


def commands(text):
    """The lines of a shell block: joined where they are continued, without comments."""
    for line in text.replace("\\\n", " ").split("\n"):
        line = re.sub(r"(^|\s)#.*", "", line)
        if line.strip():
            yield " ".join(line.split())


def inputs_and_outputs(transcript):
    """[(prompt, what is typed, what comes)] of a block with `>>> ` or `$ `."""
    parts = re.split(r"^(>>> |\$ )(.*)\n", transcript, flags=re.M)
    assert parts[0] == "", "a transcript begins with a prompt"
    return list(zip(parts[1::3], parts[2::3], parts[3::3]))


def shape(output):
    """Output without its figures, blanks and units; lines that are alike once only."""
    text = re.sub(r"\d[\d.]*(e[+-]\d+)?", "#", output)
    text = re.sub(r"[KMG]?(Bytes|bits/sec)", r"\1", text)
    lines = []
    for line in text.split("\n"):
        line = " ".join(line.split())
        if line and line not in lines[-1:]:
            lines.append(line)
    return lines
