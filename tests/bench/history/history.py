#!/usr/bin/env python3
"""history.py ROLETIDE FILL: what a long history costs.

A store of POSTINGS ads made of ROLETIDE_CORPUS (fill.c), read under the shipped rules, then read
again under rules with one skill more: how long that takes, for each thing that is timed beside a
loop of sha256sum over the same corpus, to tell a busy machine from a slow program. Then: how large
the store is for each posting; how long an unchanged reading takes to record; and that figures are
the same, byte for byte, after a reparse that was killed.
Environment: ROLETIDE_CORPUS (JSON lines as `extract` reads them; without it: SKIP), POSTINGS
(1000000), FOLDER (a store that is kept and used again; default: a temporary one), JOBS (2).
"""
import hashlib, os, signal, shutil, sqlite3, subprocess, sys, tempfile, time

CORPUS = os.environ.get("ROLETIDE_CORPUS")
POSTINGS = int(os.environ.get("POSTINGS", "1000000"))
JOBS = os.environ.get("JOBS", "2")
RULE = """- id: bench-word
  label: Bench word
  category: other
  aliases: [stakeholders]
  yes: ['Work with stakeholders']
  no: ['stakeholder']
"""


def fail(text):
    print("FAILED:", text)
    sys.exit(1)


def folder_bytes(folder):
    names = sorted(os.path.join(a, f) for a, _, fs in os.walk(folder) for f in fs)
    return [(os.path.relpath(n, folder), hashlib.sha256(open(n, "rb").read()).hexdigest())
            for n in names]


def processor_seconds(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Lab:
    def __init__(self, roletide, folder):
        self.words = [roletide, "--state", folder + "/state", "--config", folder + "/config",
                      "--now", "2026-09-05T06:00:00Z", "--jobs", JOBS]
        self.folder, self.rule = folder, folder + "/config/rules/skills/bench.yaml"
        os.makedirs(os.path.dirname(self.rule), exist_ok=True)
        with open(folder + "/config/roletide.yaml", "w") as f:
            f.write("own_sources: true\n")
        self.rules("")

    def rules(self, text):
        with open(self.rule, "w") as f:
            f.write(text)

    def run(self, *words):
        began = time.monotonic()
        r = subprocess.run(self.words + list(words), stdout=subprocess.DEVNULL,
                           stderr=subprocess.PIPE, text=True)
        if r.returncode:
            fail(f"{words}: {r.returncode}: {r.stderr}")
        return time.monotonic() - began

    def reparse(self):
        """Seconds until the difference is told (and of processors), and until figures are made."""
        began = time.monotonic()
        p = subprocess.Popen(self.words + ["--format", "csv", "reparse"], stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True)
        told = p.stdout.readline()
        read, used = time.monotonic() - began, processor_seconds(p.pid)
        p.communicate()
        if p.returncode or not told:
            fail(f"reparse: {p.returncode}: {told}")
        return read, used, time.monotonic() - began

    def published(self):
        where = self.folder + "/site"
        shutil.rmtree(where, ignore_errors=True)
        self.run("publish", where)
        return folder_bytes(where)


def yardstick():
    began = time.monotonic()
    subprocess.run(["sha256sum", CORPUS], stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - began


def size(folder):
    db = sqlite3.connect(folder + "/state/roletide.db")
    pages, page, free = (db.execute("PRAGMA " + w).fetchone()[0]
                         for w in ("page_count", "page_size", "freelist_count"))
    bodies = db.execute("SELECT coalesce(sum(length(data)), 0) FROM body").fetchone()[0]
    postings = db.execute("SELECT count(*) FROM posting").fetchone()[0]
    db.close()
    return (pages * page - bodies) / postings, free / pages


def kill_in_the_middle(lab):
    lab.rules(RULE.replace("bench-word", "bench-other"))
    p = subprocess.Popen(lab.words + ["reparse"], stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL)
    time.sleep(max(1, POSTINGS / 100000))
    p.send_signal(signal.SIGKILL)
    if p.wait() != -signal.SIGKILL:
        fail("the reparse was over before it could be killed")
    lab.rules(RULE)


def main(roletide, fill):
    if not CORPUS:
        print("SKIP: ROLETIDE_CORPUS names no corpus")
        sys.exit(77)
    folder = os.environ.get("FOLDER") or tempfile.mkdtemp()
    os.makedirs(folder + "/state", exist_ok=True)
    if not os.path.exists(folder + "/state/roletide.db"):
        subprocess.run([fill, folder + "/state", CORPUS, str(POSTINGS)], check=True)
    lab = Lab(roletide, folder)
    yard = yardstick()
    first = lab.run("reparse")
    lab.rules(RULE)
    again = lab.reparse()
    print(f"sha256sum of the corpus {yard:.2f} s")
    print(f"read the first time, with figures {first:.1f} s")
    print(f"read again and compared {again[0]:.1f} s ({again[1]:.1f} s of processors);"
          f" figures {again[2] - again[0]:.1f} s")
    each, free = size(folder)
    print(f"{each:.0f} bytes of the file a posting, bodies left out; {free:.1%} of it is empty")
    before = lab.published()
    kill_in_the_middle(lab)
    lab.run("reparse")
    after = lab.published()
    print("figures after a killed reparse:", "the same" if after == before else "OTHERS")
    print(subprocess.run([fill, folder + "/state", "unchanged"], check=True, capture_output=True,
                         text=True).stdout, end="")
    if not os.environ.get("FOLDER"):
        shutil.rmtree(folder)
    if after != before or (POSTINGS >= 1000000 and each > 1.4 * 1024):
        fail("beyond what is promised")


main(*sys.argv[1:])
