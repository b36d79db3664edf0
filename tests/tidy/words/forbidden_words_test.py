#!/usr/bin/env python3
"""Tests of forbidden_words.py: planted words in a small project."""

import contextlib
import io
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import forbidden_words as checker
from zones import zones

WORDS = [
    checker.Word("Desk", {"code", "comment"}, re.compile(r"\b\w*Desk\b"), "InboxService"),
    checker.Word("let in", {"comment", "text", "document", "subject"}, re.compile(r"\blets? in\b"), "is accepted"),
    checker.Word("Came", {"screen"}, re.compile(r"\bCame\b"), "Added"),
    checker.Word("lookup", {"document"}, re.compile(r"\blookup\b"), "sources"),
]
ALLOWED = [checker.Allowed("lookup", "*.md", re.compile(r"mode lookup"), "the contract fixes it")]


class Zones(unittest.TestCase):
    def found(self, name, text):
        return [(number, word.name) for number, zone, line in zones(name, text) for word, _ in checker.find(WORDS, ALLOWED, zone, line)]

    def test_identifiers_and_comments_are_apart_from_literals(self):
        source = 'class InboxDesk; // lets in\nauto a = "lets in \\" Desk"; /* a\nDesk */ char b = \'"\';'
        self.assertEqual(self.found("a.cpp", source), [(1, "Desk"), (1, "let in"), (2, "let in"), (3, "Desk")])

    def test_an_identifier_is_no_prose(self):
        self.assertEqual(self.found("a.cpp", "let in;"), [])

    def test_a_shell_script_has_words_in_literals_and_here_documents(self):
        self.assertEqual(self.found("a.sh", "echo \"lets in\" # lets in\ncat <<'END'\nlets in\nEND\nlets in ${#lets in}\n"),
                         [(1, "let in"), (1, "let in"), (3, "let in")])

    def test_a_document_is_prose_outside_of_backticks(self):
        self.assertEqual(self.found("a.md", "lets in `lets in`\n```\nlets in\n```\nlets in"), [(1, "let in"), (5, "let in")])

    def test_the_page_is_read_from_its_messages(self):
        self.assertEqual(self.found("locales/en/a.po", 'msgid "Came"\nmsgstr "Came"\n\nmsgid ""\n"When it "\n"Came"\n'), [(1, "Came"), (6, "Came")])
        self.assertEqual(self.found("locales/de/a.po", 'msgid "Came"\nmsgstr "Da"\n'), [])

    def test_other_texts_are_read_too(self):
        self.assertEqual(self.found("a.yaml", "# lets in\n- alias: \"lets in\"\n"), [(1, "let in"), (2, "let in")])
        self.assertEqual(self.found("a.service.in", "# lets in\n"), [(1, "let in")])
        self.assertEqual(self.found("debian/changelog.in", "lets in\n"), [(1, "let in")])
        self.assertEqual(self.found("a.html", "<!-- lets in -->\n<p title=\"lets in\">It\nlets in</p>"), [(1, "let in"), (2, "let in"), (3, "let in")])
        self.assertEqual(self.found("a.json", '{"name": "lets in"}'), [(1, "let in")])

    def test_a_sentence_of_prose_begins_with_a_capital_and_a_name_does_not_change(self):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "forbidden.tsv").write_text("let in\tprose\t\\blets? in\\b\tis accepted\nGate\tcode comment\t\\bGate\\b\tRateLimiter\n")
            words = checker.read_words(pathlib.Path(folder))
        self.assertEqual([found for _, found in checker.find(words, [], "comment", "// Lets in a gate. Gate LETS IN")], ["Lets in", "LETS IN", "Gate"])

    def test_an_allowed_context_is_no_fault(self):
        self.assertEqual(self.found("a.md", "mode lookup\nlookup"), [(2, "lookup")])


class Baseline(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        subprocess.run(["git", "init", "-q", folder.name], check=True)
        self.list = self.root / "baseline.tsv"

    def problems(self, **files):
        for name, text in files.items():
            (self.root / f"{name}.cpp").write_text(text)
        self.places = list(checker.places(self.root, [f"{name}.cpp" for name in sorted(files)], WORDS, ALLOWED))
        return list(checker.compare(self.places, checker.read_baseline(self.list)))

    def rewrite(self):
        with contextlib.redirect_stdout(io.StringIO()):
            return checker.rewrite(self.list, self.places, checker.read_baseline(self.list), WORDS)

    def test_a_new_word_is_named_with_its_place_and_what_to_say(self):
        self.assertEqual(self.problems(a="int a;\nDesk b;"), ['a.cpp:2: "Desk"; say instead: InboxService'])

    def test_words_of_the_baseline_pass_and_one_more_does_not(self):
        self.problems(a="Desk a;")
        self.assertEqual(self.rewrite(), 0)
        self.assertEqual(self.problems(a="Desk a;"), [])
        self.assertIn('a.cpp:2: "Desk"; say instead: InboxService (2 in this file, 1 before)', self.problems(a="Desk a;\nDesk b;"))

    def test_a_baseline_that_is_too_high_fails_until_it_is_lowered(self):
        self.problems(a="Desk a, Desk b;")
        self.rewrite()
        self.assertEqual(self.problems(a="Desk a;"), [
            "a.cpp: Desk stands there 1 times, the baseline says 2; lower it by tests/tidy/words/forbidden_words.py . --rewrite"])
        self.assertEqual(self.rewrite(), 0)
        self.assertEqual(self.problems(a="Desk a;"), [])

    def test_rewriting_follows_a_moved_word_and_refuses_one_more(self):
        self.problems(a="Desk a;", b="")
        self.rewrite()
        self.problems(a="", b="Desk a;")
        self.assertEqual(self.rewrite(), 0)
        self.problems(a="", b="Desk a;\nDesk b;")
        self.assertEqual(self.rewrite(), 1)

    def test_a_word_that_is_gone_stays_gone(self):
        self.problems(a="Desk a;")
        self.rewrite()
        self.problems(a="")
        self.assertEqual(self.rewrite(), 0)
        self.problems(a="Desk a;")
        self.assertEqual(self.rewrite(), 1)

    def test_a_text_of_an_unknown_language_is_named_and_a_picture_is_not(self):
        (self.root / "a.new").write_text("text\n")
        (self.root / "a.png").write_bytes(b"\x89PNG\0")
        self.assertEqual(list(checker.unknown(self.root, ["a.new", "a.png"])),
                         ["a.new: the language of .new is unknown; add it to LANGUAGES in tests/tidy/words/zones.py"])

    def test_the_project_fails_with_a_planted_word(self):
        shutil.copytree(checker.HERE, self.root / "tests/tidy/words")
        (self.root / "planted.md").write_text("A quiet hour.\n")
        command = ["python3", str(self.root / "tests/tidy/words/forbidden_words.py"), str(self.root)]
        (self.root / "tests/tidy/words/baseline.tsv").unlink(missing_ok=True)
        result = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(result.returncode, 1)
        self.assertIn('planted.md:1: "quiet hour"; say instead: idle machine', result.stdout)


class Subjects(unittest.TestCase):
    def test_form_length_and_words(self):
        self.assertEqual(list(checker.check_subject("mqtt, http: add a limit", WORDS, ALLOWED)), [])
        self.assertEqual(list(checker.check_subject("Add a limit", WORDS, ALLOWED)), ["not of the form `area: verb ...`"])
        self.assertEqual(list(checker.check_subject("a: " + "x" * 70, WORDS, ALLOWED)), ["73 characters, more than 72"])
        self.assertEqual(list(checker.check_subject("http: lets in", WORDS, ALLOWED)), ['"lets in"; say instead: is accepted'])


if __name__ == "__main__":
    unittest.main()
