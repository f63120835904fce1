#!/usr/bin/env python3
"""joining.py BENCH_JOIN SHIPPED NOTHING: the error of joining on postings judged by reading.

ROLETIDE_CORPUS names the JSON lines (or .gz) that the judged postings were drawn from. judged.tsv holds
their ids, weights (the inverse of the probability to be drawn) and the other postings of each one's job,
as a reader found them. Where the product takes a posting into an opening of |P| postings and the reader
into a job of |C|, it counts 1/|P| of an opening where 1/|C| is right:
    error = sum w (1/|P| - 1/|C|) / sum w (1/|C|),
with an interval that takes an employer's postings as one draw. How long joining takes is printed last.
Exit 1: an error beyond 3 %, or the openings hang on the order of reading.
"""
import collections
import datetime
import gzip
import json
import math
import os
import re
import subprocess
import sys
import tempfile

REPOST_DAYS, OPEN_DAYS, GATE = 30, 27, 0.03
SIZES = 20_000, 1_000_000
JUDGED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "judged.tsv")


def read_corpus(name):
    with (gzip.open if name.endswith(".gz") else open)(name, "rt") as f:
        return [json.loads(line) for line in f]


def day_of(text):
    m = re.match(r"(\d{4})[-/](\d\d)(?:[-/](\d\d))?", text or "")
    return datetime.date(int(m[1]), int(m[2]), int(m[3] or 1)) if m else None


def dates_of(postings):
    """When each was posted; where that is not said, the median of its source."""
    known = collections.defaultdict(list)
    for p in postings:
        if day_of(p["posted"]):
            known[p["source_repo"]].append(day_of(p["posted"]))
    middle = {s: sorted(d)[len(d) // 2] for s, d in known.items()}
    never = datetime.date(2024, 3, 1)
    return {p["id"]: day_of(p["posted"]) or middle.get(p["source_repo"], never) for p in postings}


def write_lines(postings, dates, to):
    """As `roletide import` reads them."""
    kept = ("id", "company", "location", "description", "desc_format", "url", "experience", "salary")
    for p in postings:
        first = dates[p["id"]]
        line = {k: p[k] for k in kept} | {
            "source": p["source_repo"].replace("/", "."), "native_id": p["id"], "title": p["title"] or "?",
            "first_seen": first.isoformat(),
            "last_seen": (first + datetime.timedelta(OPEN_DAYS)).isoformat()}
        print(json.dumps(line, ensure_ascii=False), file=to)


def openings_of(bench, lines):
    """The opening of each posting, its members, and the family of each posting."""
    out = subprocess.run([*bench, lines], check=True, capture_output=True, text=True).stdout
    of, members, family = {}, collections.defaultdict(set), {}
    for row in out.splitlines():
        opening, posting, family[posting], _ = row.split("\t")
        of[posting] = opening
        members[opening].add(posting)
    return of, members, family


def without_gaps(job, posting, dates):
    """Of a job's postings those that no REPOST_DAYS without an ad part from this one."""
    runs, end = [], None
    for i in sorted(job, key=lambda i: dates[i]):
        if end is None or (dates[i] - end).days > REPOST_DAYS + OPEN_DAYS + 1:
            runs.append(set())
        runs[-1].add(i)
        end = dates[i]
    return next(r for r in runs if posting in r)


def employer_of(name):
    words = re.findall(r"[a-z0-9]+", name.lower())
    while len(words) > 1 and words[-1] in ("inc", "llc", "ltd", "limited", "pvt", "private", "india", "corp",
                                           "co", "company", "com", "gmbh"):
        words.pop()
    return " ".join(words)


def error_of(rows):
    """rows: employer, weight, openings counted, openings that are. -> error, its half interval."""
    right = sum(w * c for _, w, _, c in rows)
    error = sum(w * (p - c) for _, w, p, c in rows) / right
    of_employer = collections.defaultdict(float)
    for employer, w, p, c in rows:
        of_employer[employer] += w * (p - c - error * c)
    k = len(of_employer)
    return error, 1.96 * math.sqrt(sum(e * e for e in of_employer.values()) * k / (k - 1)) / right


def judged_rows():
    with open(JUDGED) as f:
        for line in f:
            if not line.startswith("#"):
                sample, posting, _, weight, others, _ = line.rstrip("\n").split("\t")
                yield sample, posting, float(weight), {posting, *others.split()}


def measure(found, dates, company):
    of, members, family = found
    samples = collections.defaultdict(list)
    wrong, missed = collections.Counter(), collections.Counter()
    for sample, i, w, job in judged_rows():
        job, joined = without_gaps(job, i, dates), members[of[i]]
        row = (employer_of(company[i]) or i, w, 1 / len(joined), 1 / len(job))
        for key in (sample, sample + " core/adjacent") if family[i] in ("core", "adjacent") else (sample,):
            samples[key].append(row)
            wrong[key] += bool(joined - job)
            missed[key] += bool(job - joined)
    worst = 0
    for key, rows in sorted(samples.items()):
        error, half = error_of(rows)
        print(f"sample {key}: {len(rows)} postings, error of the count {100 * error:+.2f} % "
              f"({100 * (error - half):+.2f} to {100 * (error + half):+.2f}); "
              f"{wrong[key]} with a wrong posting joined, {missed[key]} with one missed")
        worst = max(worst, abs(error)) if len(key) == 1 else worst
    return worst


def main():
    bench, *rules = sys.argv[1:]
    name = os.environ.get("ROLETIDE_CORPUS", "")
    if not os.access(name, os.R_OK):
        sys.exit(print("SKIP: ROLETIDE_CORPUS names no file of JSON lines", file=sys.stderr) or 77)
    postings = read_corpus(name)
    if not {r[1] for r in judged_rows()} <= {p.get("id") for p in postings}:
        sys.exit(print("SKIP: ROLETIDE_CORPUS is not what the judged postings were drawn from",
                       file=sys.stderr) or 77)
    dates, company = dates_of(postings), {p["id"]: p["company"] for p in postings}
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as lines:
        write_lines(postings, dates, lines)
        lines.flush()
        found = openings_of([bench, "openings", *rules], lines.name)
        print(f"{len(found[0])} postings, {len(found[1])} openings", flush=True)
        worst = measure(found, dates, company)
        sys.stdout.flush()
        subprocess.run([bench, "orders", *rules, lines.name], check=True)
        for n in SIZES:
            subprocess.run([bench, "measure", *rules, lines.name, str(n)], check=True)
    sys.exit(f"the error is beyond {100 * GATE:.0f} %" if worst > GATE else 0)


main()
