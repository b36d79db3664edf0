#!/usr/bin/env python3
"""junit.py COUNTS REPORT... - writes "PASSED FAILED" of JUnit reports to COUNTS, lists failures, and shows every SKIPPED line of a
test's output, because a test runner keeps the output of passed tests to itself."""

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


def main():
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for report in sys.argv[2:]:
        for case in xml.etree.ElementTree.parse(report).iter("testcase"):
            result = outcome(case)
            counts[result] += 1
            if result == "failed":
                print(f"FAILED: {case.get('classname', '')} {case.get('name')}")
            if result == "skipped":
                print(f"SKIPPED: {case.get('name')}")
            for line in (case.findtext("system-out") or "").splitlines():
                if line.startswith("SKIPPED:"):
                    print(f"{case.get('name')}: {line}")
    pathlib.Path(sys.argv[1]).write_text(f"{counts['passed']} {counts['failed']}\n")


main()
