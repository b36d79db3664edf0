"""A photo of a code while others, made to cost memory and time, are being read."""
import os
import threading
import time

from report import ROOT, ms, row
from test_processes import finder_patterns, grey_png

GOOD = os.path.join(ROOT, "tests", "fuzz", "corpus", "vision_image", "ean8.jpg")
HOSTILE = {
    "32000 x 1": lambda: grey_png(32_000, [bytes(32_000)]),
    "16000 x 16": lambda: grey_png(16_000, [bytes(16_000)] * 16),
    "1920 x 1080 full of QR finder patterns": lambda: finder_patterns(1920, 1080),
}


def seconds(box, photo):
    """(time until the answer, status) of one photo."""
    began = time.monotonic()
    reply = box.console("POST", "/api/v1/photos/decode", photo, {"Content-Type": "image/jpeg"})
    return time.monotonic() - began, reply.status


def photos(module):
    with open(GOOD, "rb") as file:
        good = file.read()
    with module.Box(catalogue=False) as box:
        box.start()
        row("photo with a code, alone", ms(seconds(box, good)[0]), "")
        for name, make in HOSTILE.items():
            photo = make()
            others = [threading.Thread(target=seconds, args=(box, photo)) for _ in range(2)]
            for other in others:
                other.start()
            time.sleep(0.2)  # they have their processes
            took, status = seconds(box, good)
            row(f"the same beside two of {name}", ms(took), "", "≤ 2 s", status == 200 and took <= 2)
            for other in others:
                other.join()
