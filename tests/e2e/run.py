#!/usr/bin/env python3
"""Runs the end-to-end tests: every function test_* of every test_*.py beside this file, one process a file and two files a processor at
once, since they wait often; or, one after another in this process, those that are named as `file[:function]`.

A test that cannot run where it is raises box.Skipped; its line says why. The last line counts.
"""
import concurrent.futures
import glob
import importlib
import os
import re
import signal
import subprocess
import sys
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
MAX_FILE_S = 900
SLOW_FILES = ["test_restore", "test_online", "test_cli", "test_catalogue_update", "test_crash"]
sys.path.insert(0, HERE)
import box  # noqa: E402


def run(module, name):
    started = time.monotonic()
    error = None
    try:
        getattr(module, name)()
        verdict = "ok"
    except box.Skipped as reason:
        verdict = "SKIPPED"
        error = f"SKIPPED: {module.__name__}.{name}: {reason}"
    except Exception:  # a failed test is reported and the next one runs
        verdict = "FAILED"
        error = traceback.format_exc()
    print(f"{module.__name__}.{name}: {verdict} ({time.monotonic() - started:.1f} s)", flush=True)
    if error:
        print(error, flush=True)
    return verdict


def run_here(named):
    """How many tests of each `file[:function]` passed and failed; one that names no test has failed."""
    verdicts = []
    for argument in named:
        module_name, _, only = argument.removesuffix(".py").partition(":")
        module = importlib.import_module(module_name.removesuffix(".py"))
        names = [n for n, f in vars(module).items()
                 if n.startswith("test_") and callable(f) and f.__module__ == module.__name__]
        names = [n for n in names if only in ("", n)]
        if not names:
            print(f"{argument}: FAILED, there is no such test")
        verdicts += [run(module, name) for name in names] or ["FAILED"]
    return verdicts.count("ok"), verdicts.count("FAILED")


def run_file(name):
    """A file in a process group of its own, so that nothing outlives a test that hangs; its output."""
    process = subprocess.Popen([sys.executable, os.path.abspath(__file__), name], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True, errors="replace", start_new_session=True)
    try:
        return process.communicate(timeout=MAX_FILE_S)[0]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.communicate()[0] + f"{name}: FAILED, it ran for more than {MAX_FILE_S} s\n"


def run_all():
    """Prints what each file prints and adds up its last line; a file without one has failed as a whole."""
    files = sorted((os.path.basename(path)[:-3] for path in glob.glob(os.path.join(HERE, "test_*.py"))), key=lambda n: n not in SLOW_FILES)
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(2 * os.cpu_count()) as pool:
        for output in pool.map(run_file, files):
            counts = re.search(r"^(\d+) passed, (\d+) failed\n\Z", output, re.M)
            print(output[:counts.start()] if counts else output, end="", flush=True)
            passed += int(counts[1]) if counts else 0
            failed += int(counts[2]) if counts else 1
    return passed, failed


def main():
    passed, failed = run_here(sys.argv[1:]) if sys.argv[1:] else run_all()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
