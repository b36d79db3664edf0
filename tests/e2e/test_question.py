"""The one good question: asked over the console command and the API, answered, kept, and learned."""
import contextlib
import subprocess

from box import CLI, Box

FOUR, UNKNOWN, MODE_ADD = "4099990000011", "4006381333931", "9743000000001149"


@contextlib.contextmanager
def each_way():
    """A box whose daemon runs, then one whose daemon does not."""
    with contextlib.ExitStack() as stack:
        running = stack.enter_context(Box())
        running.start()
        yield running, stack.enter_context(Box())


def ids(item):
    return [c["release_id"] for c in item["candidates"]]


def test_a_question_is_asked_and_answered_at_the_terminal():
    with each_way() as boxes:
        for box in boxes:
            said = box.cli("scan", FOUR, "--source", "desk", check=True).stdout
            assert said.startswith("ambiguous: ") and "gatefold inbox answer i_1 VALUE" in said, said
            item = box.cli_json("inbox", "show", "i_1")
            question = item["question"]
            assert item["kind"] == "pressing_open" and len(item["candidates"]) == 4, item
            assert 2 <= len(question["answers"]) <= 4 and question["text"] in said, (question, said)
            for answer in question["answers"]:
                assert answer["value"] in said and 0 < len(answer["release_ids"]) < 4, answer
            assert [i["id"] for i in box.cli_json("inbox")["items"]] == ["i_1"]
            assert box.cli_json("inbox", "list") == box.cli_json("inbox")
            listed = box.cli("inbox", check=True).stdout
            assert "pressing open" in listed and "4 candidates" in listed and question["text"] in listed, listed
            shown = box.cli("inbox", "show", "i_1", check=True).stdout
            assert all(str(i) in shown for i in ids(item)) and question["text"] in shown, shown

            unknown = box.cli_json("inbox", "answer", "i_1", "--dont-know")
            assert unknown["question"] is None or unknown["question"]["field"] != question["field"], unknown
            assert ids(unknown) == ids(item) and not unknown["settled"]
            again = box.cli_json("inbox", "again", "i_1")
            assert again["question"] == question

            none = box.cli("inbox", "answer", "i_1", "nothing like it")
            assert none.returncode == 1 and "answer" in none.stderr and question["text"] in none.stderr, none
            assert question["field"] == "runout" and box.cli("inbox", "answer", "i_1", "GP").returncode == 1
            country = box.cli_json("inbox", "answer", "i_1", "--dont-know")["question"]
            assert [a["value"] for a in country["answers"]] == ["Germany", "UK", "US"], country
            left = box.cli_json("inbox", "answer", "i_1", "ger")
            assert ids(left) == [90000001, 90000004], left
            while not left["settled"]:
                left = box.cli_json("inbox", "answer", "i_1", left["question"]["answers"][0]["value"])
            assert left["question"] is None and ids(left) == [left["release_id"]], left
            assert box.cli("inbox", check=True).stdout == "Nothing waits for a human.\n"
            # What was answered is learned.
            straight = box.cli_json("scan", FOUR, "--source", "shelf")
            assert straight["outcome"] == "played" and straight["release_id"] == left["release_id"], straight
            assert "inbox" not in straight and "inbox_id" not in straight, straight


def test_a_list_can_decide_and_an_item_can_be_dismissed():
    with each_way() as boxes:
        for box in boxes:
            scanned = box.cli_json("scan", FOUR, "--source", "desk")
            assert scanned["outcome"] == "ambiguous" and scanned["inbox"]["id"] == scanned["inbox_id"], scanned
            release = scanned["inbox"]["candidates"][-1]["release_id"]
            settled = box.cli("inbox", "settle", "i_1", str(release), check=True).stdout
            assert settled.startswith(f"Settled as release {release}: "), settled
            nobody = box.cli_json("scan", UNKNOWN)
            assert nobody["outcome"] == "unknown" and nobody["inbox"]["question"] is None, nobody
            assert "off the list" in box.cli("inbox", "dismiss", "i_2", check=True).stdout
            twice = box.cli("inbox", "dismiss", "i_2")
            assert twice.returncode == 1 and "settled already" in twice.stderr, twice
            for words in (["show", "i_99"], ["show", "nonsense"], ["settle", "i_2", "987654321"]):
                done = box.cli("inbox", *words)
                assert done.returncode == 1 and done.stderr, done


def test_a_copy_gets_its_pressing_and_answers_survive_a_restart():
    with Box() as box:
        box.start()
        box.scan(MODE_ADD)
        added = box.scan(FOUR)
        copy, item = "/api/v1/copies/" + added["copy_id"], "/api/v1/inbox/" + added["inbox_id"]
        assert box.console("GET", copy).json["pressing_open"] is True
        asked = box.console("GET", item).json["question"]
        wrong = box.console("POST", item + "/resolve", {"answer": "nothing like it"})
        assert (wrong.status, wrong.json["field"]) == (422, "answer"), wrong.json
        assert box.console("POST", item + "/resolve", {"answer": None}).json["question"] != asked
        before = box.console("GET", item).json
        box.kill()
        box.start()
        assert box.console("GET", item).json == before
        release = before["candidates"][1]["release_id"]
        settled = box.console("POST", item + "/resolve", {"release_id": release}).json
        assert settled["settled"] is True and settled["release_id"] == release, settled
        copied = box.console("GET", copy).json
        assert (copied["pressing_open"], copied["release_id"]) == (False, release), copied
        assert box.scan(FOUR, "den")["copy_id"] == added["copy_id"]


def test_usage():
    with Box(catalogue=False) as box:
        for words in (["answer"], ["answer", "i_1"], ["answer", "i_1", "UK", "--dont-know"], ["show"], ["settle", "i_1"],
                      ["settle", "i_1", "abc"], ["settle", "i_1", "-4"], ["dismiss"], ["nonsense"]):
            done = box.cli("inbox", *words)
            assert done.returncode == 64 and done.stderr, (words, done)
        assert box.cli_json("inbox") == {"items": [], "next": None, "total": 0}
    for words in ([], ["list"], ["show"], ["answer"], ["settle"], ["dismiss"], ["again"]):
        done = subprocess.run([CLI, "inbox", *words, "--help"], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0 and "Usage: gatefold inbox" in done.stdout and not done.stderr, (words, done)
