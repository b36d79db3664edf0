#!/usr/bin/env python3
"""forbidden_words.py ROOT [--rewrite | --subjects BASE] - the words of forbidden.tsv stand in no new place. baseline.tsv counts where they
stood when the list was made: a count may shrink, and then `--rewrite` lowers the baseline. It never raises the total of a word that is
already counted. --subjects checks the subjects of the commits since BASE, and their form, instead of files."""

import collections
import fnmatch
import pathlib
import re
import subprocess
import sys

from zones import language, zones

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = re.compile(r"(^|/)(tests/tidy/words/|tests/fixtures/|corpus/|config/demo/releases\.xml|package-lock\.json)|schema\.d\.ts$")
PROSE = ["comment", "text", "document", "subject"]
SUBJECT = re.compile(r"[a-z][\w/.-]*(, [a-z][\w/.-]*)*: \S")
MAX_SUBJECT = 72

Word = collections.namedtuple("Word", "name zones pattern say")
Allowed = collections.namedtuple("Allowed", "word path pattern reason")
Place = collections.namedtuple("Place", "file line word found")


def rows(path, make):
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield make(*line.split("\t"))


def read_words(folder):
    words = []
    for row in rows(folder / "forbidden.tsv", Word):
        names = row.zones.split()
        prose = "prose" in names  # the first word of a sentence has a capital
        words.append(row._replace(zones=set(names + (PROSE if prose else [])), pattern=re.compile(row.pattern, re.I if prose else 0)))
    return words


def read_allowed(folder):
    return [row._replace(pattern=re.compile(row.pattern)) for row in rows(folder / "allowed.tsv", Allowed)]


def find(words, allowed, zone, line):
    """Each forbidden word of one line of a zone, as (word, what stands there)."""
    for word in words:
        if zone in word.zones:
            text = line
            for exception in allowed:
                if exception.word == word.name:
                    text = exception.pattern.sub("", text)
            for match in word.pattern.finditer(text):
                yield word, match.group()


def places(root, names, words, allowed):
    for name in names:
        here = [each for each in allowed if fnmatch.fnmatch(name, each.path)]
        for number, zone, line in zones(name, (root / name).read_text(encoding="utf-8", errors="replace")):
            for word, found in find(words, here, zone, line):
                yield Place(name, number, word, found)


def unknown(root, names):
    """Texts that would not be read: nothing says which of their words are prose."""
    for name in names:
        if language(name) is None and b"\0" not in (root / name).read_bytes():
            yield f"{name}: the language of {pathlib.Path(name).suffix} is unknown; add it to LANGUAGES in tests/tidy/words/zones.py"


def tracked(root):
    command = ["git", "-C", str(root), "ls-files", "-co", "--exclude-standard", "-z"]
    names = subprocess.run(command, check=True, capture_output=True).stdout.decode().split("\0")
    return sorted(name for name in set(names) if name and not SKIPPED.search(name) and (root / name).is_file())


def read_baseline(path):
    return {(word, file): int(count) for count, word, file in rows(path, lambda *row: row)} if path.exists() else {}


def compare(found, baseline):
    """The problems: words in new places, and counts of the baseline that are too high."""
    counts = collections.Counter((place.word.name, place.file) for place in found)
    for place in found:
        key = (place.word.name, place.file)
        if counts[key] > baseline.get(key, 0):
            yield f'{place.file}:{place.line}: "{place.found}"; say instead: {place.word.say}' + (
                f" ({counts[key]} in this file, {baseline[key]} before)" if key in baseline else "")
    for word, file in sorted(baseline):
        if counts[word, file] < baseline[word, file]:
            yield (f"{file}: {word} stands there {counts[word, file]} times, the baseline says {baseline[word, file]}; "
                   "lower it by tests/tidy/words/forbidden_words.py . --rewrite")


def totals(counts):
    sums = collections.Counter()
    for (word, _), count in counts.items():
        sums[word] += count
    return sums


def rewrite(path, found, baseline, words):
    counts = collections.Counter((place.word.name, place.file) for place in found)
    before, now = totals(baseline), totals(counts)
    grown = [word for word in now if word in before and now[word] > before[word]]
    if grown:
        print(*(f"{word}: {before[word]} before, {now[word]} now; a baseline only shrinks" for word in grown), sep="\n")
        return 1
    lines = [f"{count}\t{word}\t{file}" for (word, file), count in sorted(counts.items())]
    # So that a word that is gone stays gone.
    lines += [f"0\t{word}\t-" for word in sorted({word.name for word in words} - now.keys())]
    path.write_text("# Written by forbidden_words.py: count, word, file.\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return 0


def check_subject(subject, words, allowed):
    if len(subject) > MAX_SUBJECT:
        yield f"{len(subject)} characters, more than {MAX_SUBJECT}"
    if not SUBJECT.match(subject):
        yield "not of the form `area: verb ...`"
    for word, found in find(words, allowed, "subject", subject):
        yield f'"{found}"; say instead: {word.say}'


def check_subjects(root, base, words, allowed):
    command = ["git", "-C", str(root), "log", "--no-merges", "--format=%h %s", f"{base}..HEAD"]
    commits = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    problems = [f"{line}: {problem}" for line in commits for problem in check_subject(line.partition(" ")[2], words, allowed)]
    print(*problems, f"{len(commits)} commit subjects checked, {len(problems)} problems", sep="\n")
    return 1 if problems else 0


def main(root, option=None, base=None):
    words, allowed = read_words(HERE), read_allowed(HERE)
    if option == "--subjects":
        return check_subjects(root, base, words, allowed)
    names = tracked(root)
    found = list(places(root, names, words, allowed))
    baseline = read_baseline(HERE / "baseline.tsv")
    if option == "--rewrite":
        return rewrite(HERE / "baseline.tsv", found, baseline, words)
    problems = [*unknown(root, names), *compare(found, baseline)]
    print(*problems, f"{sum(language(name) is not None for name in names)} files checked, {len(problems)} problems, {len(found)} known places left", sep="\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), *sys.argv[2:]))
