#!/usr/bin/env python3
"""rates.py SNAPSHOTS.jsonl.gz: how often listings open, from dated snapshots of a job list.

Writes a line for each source: population, shape and rate of the Gamma law of its openings a day, given
what was seen of it and what the others of its population are like (method of moments).

boards      a company's own board: listings that came or went between two snapshots that have it, halved
            (what opens closes)
employers   an employer on the search pages: different ads by day of posting and title, over the days
            the snapshots cover; employers without an ad are not seen, so quiet ones are missing
"""
import collections
import datetime
import gzip
import json
import statistics
import sys


def snapshots(path):
    found = {}
    for line in gzip.open(path):
        s = json.loads(line)
        at = datetime.datetime.strptime(s["fetched_at"], "%Y-%m-%d %H:%M UTC")
        found.setdefault(at, s["jobs"])  # some were committed twice
    return sorted(found.items())


def boards(snaps):
    seen = collections.defaultdict(list)
    for at, jobs in snaps:
        urls = collections.defaultdict(set)
        for job in jobs:
            if " careers (" in job["site"]:
                urls[job["site"]].add(job["job_url"])
        for site, those in urls.items():
            seen[site].append((at, those))
    for visits in seen.values():
        days = (visits[-1][0] - visits[0][0]).total_seconds() / 86400
        if days >= 0.5:
            changes = sum(len(a[1] ^ b[1]) for a, b in zip(visits, visits[1:]))
            yield changes / 2, days


def employers(snaps):
    first, last = snaps[0][0].date(), snaps[-1][0].date()
    ads = collections.defaultdict(set)
    for _, jobs in snaps:
        for job in jobs:
            if not job["company"] or " careers (" in job["site"]:
                continue
            if str(first) <= job["date_posted"] <= str(last):
                ads[job["company"]].add((job["date_posted"], job["title"]))
    for those in ads.values():
        yield len(those), (last - first).days + 1


def main():
    snaps = snapshots(sys.argv[1])
    for name, population in (("boards", boards), ("employers", employers)):
        found = list(population(snaps))
        mean = sum(n for n, _ in found) / sum(d for _, d in found)
        between = statistics.pvariance([n / d for n, d in found])
        between -= mean * statistics.fmean(1 / d for _, d in found)
        prior = mean / max(between, mean / 100)
        for n, days in found:
            print(f"{name}\t{prior * mean + n:.6g}\t{prior + days:.6g}")


main()
