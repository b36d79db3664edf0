"""Splits a file of the project into zones: who reads which words. `zones(name, text)` yields (line number, zone, words)."""

import pathlib
import re

STRING = r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
TOKENS = {
    "c": re.compile(rf'(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<text>R"(?P<raw>\w*)\(.*?\)(?P=raw)"|{STRING})', re.S),
    "ts": re.compile(rf"(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<text>{STRING}|`(?:\\.|[^`\\])*`)", re.S),
    "css": re.compile(rf"(?P<comment>/\*.*?\*/)|(?P<text>{STRING})", re.S),
    "py": re.compile(rf'(?P<comment>#[^\n]*|""".*?""")|(?P<text>{STRING})', re.S),
    "sh": re.compile(rf"(?P<comment>(?<![$\w{{\"'\\])#[^\n]*)|(?P<text><<-?'?(?P<end>\w+)'?[^\n]*\n.*?\n\s*(?P=end)\b|{STRING})", re.S),
    "sql": re.compile(rf"(?P<comment>--[^\n]*)|(?P<text>{STRING})", re.S),
    "xml": re.compile(r'(?P<comment><!--.*?-->)|(?P<text>"[^"<>]*"|(?<=>)[^<]+)', re.S),
    "json": re.compile(rf"(?P<comment>(?!))|(?P<text>{STRING})", re.S),
}
# The language of a file by the end of its name; "document" and "messages" are no languages of programs.
LANGUAGES = {
    ".md": "document", "changelog.in": "document", ".po": "messages",
    ".cpp": "c", ".hpp": "c", ".c": "c", ".things": "c", ".items": "c", ".ts": "ts", ".tsx": "ts", ".mjs": "ts", ".css": "css",
    ".py": "py", ".sql": "sql", ".html": "xml", ".xml": "xml", ".svg": "xml", ".json": "json", ".webmanifest": "json",
    ".sh": "sh", ".txt": "sh", ".cmake": "sh", ".toml": "sh", ".example": "sh", ".yaml": "sh", ".yml": "sh", ".in": "sh", ".rules": "sh",
    ".socket": "sh", ".sysusers": "sh", ".tmpfiles": "sh", ".supp": "sh", "": "sh",
}


def language(name):
    """The language of a file, None where its name does not say."""
    path = pathlib.Path(name)
    return LANGUAGES.get(path.name) or LANGUAGES.get(path.suffix)


def zones(name, text):
    found = language(name)
    if found == "document":
        yield from documents(text)
    elif found == "messages":
        yield from messages(pathlib.Path(name).parent.name, text)
    elif found:
        yield from code(TOKENS[found], text)


def lines(zone, first, text):
    for offset, line in enumerate(text.split("\n")):
        yield first + offset, zone, line


def code(tokens, text):
    """What lies between comments and literals is identifiers."""
    number, end = 1, 0
    for token in tokens.finditer(text):
        for zone, part in (("code", text[end:token.start()]), (kind(token), token.group())):
            yield from lines(zone, number, part)
            number += part.count("\n")
        end = token.end()
    yield from lines("code", number, text[end:])


def kind(token):
    return "comment" if token.group("comment") is not None else "text"


def documents(text):
    """Markdown: prose; what stands between backticks is code."""
    fenced = False
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif fenced:
            yield number, "code", line
        else:
            yield number, "document", re.sub(r"`[^`]*`", "`", line)
            yield number, "code", " ".join(re.findall(r"`([^`]*)`", line))


def messages(locale, text):
    """The page's messages: what the source says (msgid of the English catalogue) and each other language's translation."""
    keyword, zone = ("msgid", "screen") if locale == "en" else ("msgstr", f"screen-{locale}")
    speaking = False
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("msg"):
            speaking = line.startswith(keyword)
        if speaking and '"' in line:
            yield number, zone, line[line.index('"'):]
