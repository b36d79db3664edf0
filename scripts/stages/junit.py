#!/usr/bin/env python3
"""junit.py COUNTS SKIPPED REPORT... - writes "PASSED FAILED" of JUnit reports to COUNTS, lists failures, and shows every SKIPPED line of
a test's output, because a test runner keeps the output of passed tests to itself. Each skip is added to SKIPPED as a line."""

import pathlib
import sys
import xml.etree.ElementTree


def outcome(case):
    skipped = case.find("skipped")
    missing = skipped is not None and skipped.get("message", "").startswith("Unable to find")
    if missing or case.find("failure") is not None or case.find("error") is not None or case.get("status") == "fail":
        return "failed"
    if skipped is not None or case.get("status") in ("notrun", "disabled"):
        return "skipped"
    return "passed"


def skips(case, result):
    """What this test case skipped, a line each: reasons that its output gives, else its name."""
    lines = [line.strip() for line in (case.findtext("system-out") or "").splitlines() if "SKIPPED: " in line]
    reasons = [f"{case.get('name')}: {line.partition('SKIPPED: ')[2]}" for line in lines]
    return reasons or ([case.get("name")] if result == "skipped" else [])


def main():
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    skipped = []
    for report in sys.argv[3:]:
        for case in xml.etree.ElementTree.parse(report).iter("testcase"):
            result = outcome(case)
            counts[result] += 1
            if result == "failed":
                print(f"FAILED: {case.get('classname', '')} {case.get('name')}")
            skipped += skips(case, result)
    for line in skipped:
        print(f"SKIPPED: {line}")
    with open(sys.argv[2], "a", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in skipped)
    pathlib.Path(sys.argv[1]).write_text(f"{counts['passed']} {counts['failed']}\n")


main()
