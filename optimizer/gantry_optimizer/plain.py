"""Text of strangers, such as names of nodes, on its way to terminals, reports and the status of resources."""

import unicodedata

LONGEST_LINE = 4096
"""Characters of a line for people."""

LONGEST_NAME = 200
"""Characters of a name in a report; exporters write paths of modules, a stranger whatever he likes."""

UNWANTED = frozenset(["Cc", "Cf", "Cs", "Zl", "Zp"])
"""Categories of what terminals obey, what turns text around or cannot be seen, and halves of characters."""


def plain(text: str, most: int = LONGEST_LINE) -> str:
    """Return one line of visible characters; a line break becomes a space, and what is too long is cut."""
    head = text[: most + 1]
    line = "".join(visible(character) for character in head)
    return line if len(text) <= most else f"{line[: most - 1]}…"


def visible(character: str) -> str:
    """Return a character, or what stands for one that is not to be seen."""
    if character.isspace():
        return " "
    return "\ufffd" if unicodedata.category(character) in UNWANTED else character


def plain_name(text: str) -> str:
    """Return a name for a report."""
    return plain(text, LONGEST_NAME)


def plain_lines(text: str) -> str:
    """Return lines of ours, with words of others in them."""
    return "\n".join(plain(line) for line in text.split("\n"))


def counted(count: int, noun: str) -> str:
    """Return a number with its noun: 1 node, 2 nodes."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def verb(count: int, one: str = "is", more: str = "are") -> str:
    """Return the form of a verb that fits a number."""
    return one if count == 1 else more
