"""Another program holds the database: what needs it fails or waits, the daemon stays."""
import os
import sqlite3

from box import Box, wait_for


def test_a_job_that_ends_while_another_program_holds_the_database():
    with Box(catalogue=False) as box:
        box.start()
        other = sqlite3.connect(os.path.join(box.data, "gatefold.db"), isolation_level=None, timeout=5)

        def jobs():
            return {job["id"]: job for job in box.console("GET", "/api/v1/jobs").json["items"]}

        def held_at_work():
            """A job that was at work when the lock was taken."""
            job = box.console("POST", "/api/v1/backups").json["id"]
            other.execute("BEGIN EXCLUSIVE")
            running, = other.execute("SELECT count(*) FROM jobs WHERE state = 'running'").fetchone()
            if running:
                return job
            other.execute("ROLLBACK")
            wait_for("the job", lambda: jobs()[job]["state"] != "running")
            return None
        job = wait_for("a lock in time", held_at_work)
        # This waits as long for the database as the job does, and then gives up as the job does.
        refused = box.console("POST", "/api/v1/scans", {"code": "4006381333931"})
        assert refused.status == 503 and "Another program" in refused.json["detail"], refused.body
        again = box.console("POST", "/api/v1/backups")
        assert again.status == 503, again.body
        other.execute("ROLLBACK")
        other.close()
        ended = wait_for("the end of the job", lambda: (found := jobs()[job])["state"] != "running" and found)
        assert ended["state"] == "done" and os.path.exists(ended["message"]), ended
        following = box.console("POST", "/api/v1/backups").json["id"]
        wait_for("the next job", lambda: jobs()[following]["state"] == "done")
        assert box.scan("4006381333931")["outcome"] == "unknown"
        assert box.stop() == 0


def test_a_backup_that_cannot_be_written_is_a_job_that_says_why():
    with Box(catalogue=False) as box:
        box.start()
        with open(os.path.join(box.data, "backups"), "w") as file:
            file.write("in the way")
        job = box.console("POST", "/api/v1/backups").json["id"]
        ended = wait_for("the end of the job", lambda: next(
            (found for found in box.console("GET", "/api/v1/jobs").json["items"]
             if found["id"] == job and found["state"] != "running"), None))
        assert ended["state"] == "failed" and "backups" in ended["message"], ended
        assert box.alive() and box.stop() == 0
