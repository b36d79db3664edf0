#!/usr/bin/env python3
"""Runs the end-to-end tests: every function test_* of every test_*.py beside this file, or of those named.

A test that cannot run where it is raises box.Skipped; its line says why. The last line counts.
"""
import glob
import importlib
import os
import sys
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import box  # noqa: E402


def wanted(arguments):
    """(module name, function name or None) of each argument `file[:function]`; all files when there is none."""
    if not arguments:
        return [(os.path.basename(path)[:-3], None) for path in sorted(glob.glob(os.path.join(HERE, "test_*.py")))]
    return [(name.removesuffix(".py"), function or None) for name, _, function in (a.partition(":") for a in arguments)]


def run(module, name):
    started = time.monotonic()
    error = None
    try:
        getattr(module, name)()
        verdict = "ok"
    except box.Skipped as reason:
        verdict = f"SKIPPED: {reason}"
    except Exception:  # a failed test is reported and the next one runs
        verdict = "FAILED"
        error = traceback.format_exc()
    print(f"{module.__name__}.{name}: {verdict} ({time.monotonic() - started:.1f} s)", flush=True)
    if error:
        print(error, flush=True)
    return verdict


def main():
    verdicts = []
    for module_name, only in wanted(sys.argv[1:]):
        module = importlib.import_module(module_name)
        names = [n for n, f in vars(module).items()
                 if n.startswith("test_") and callable(f) and f.__module__ == module_name]
        verdicts += [run(module, name) for name in names if only in (None, name)]
    failed = verdicts.count("FAILED")
    print(f"{verdicts.count('ok')} passed, {failed} failed")
    return 1 if failed or not verdicts else 0


if __name__ == "__main__":
    sys.exit(main())
