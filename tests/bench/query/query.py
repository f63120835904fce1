#!/usr/bin/env python3
"""query.py ROLETIDE FILL ASK CONFIG NOTHING: what an answer costs beside the same question in SQL.

A store of POSTINGS ads over a year (fill.c), its figures made as `run` makes them; then each
question is asked of

  roletide   the functions that `demand` and `trend` call, of an open store (ask.c)
  DuckDB     of the same postings and mentions, in memory, one thread, its start and load left out
  SQLite     the same, naively (a join and a GROUP BY), its start and load left out
  command    `roletide` as a whole: start, configuration and printing included

and the rows must agree: skill, openings, stated, required (the days of a series: its counts), but
with new=: an ad that is put up again is an opening as old as the first, which SQL over postings
does not see. SQL only counts; intervals, lift and trend are ours alone. Times are the processor's, which neighbours
do not change (of the command, the clock's beside); medians of RUNS, SQLite of one.
Environment: POSTINGS (1000000), RUNS (9), FOLDER (kept and used again; default: a temporary one),
DUCKDB (a folder in which `npm install @duckdb/node-api` was done; without it: left out).
"""
import json, os, resource, shutil, sqlite3, statistics, subprocess, sys, tempfile, time

POSTINGS = os.environ.get("POSTINGS", "1000000")
RUNS = int(os.environ.get("RUNS", 9))
SHARED = "/dev/shm" if os.path.isdir("/dev/shm") else None
NOW, TODAY, YEAR = "2026-10-21T01:30:00Z", 20747, 365
SKILL = "kubernetes"

# A question: as ask.c reads it, as a person types it, and what of the postings it is about.
QUESTIONS = [
    ("all", [], ""),
    ("stage=3,required", ["--stage", "3", "--required"], "p.stage = 3"),
    ("city=Pune", ["--city", "Pune"], "p.city = 'Pune'"),
    ("city=Pune,required", ["--city", "Pune", "--required"], "p.city = 'Pune'"),
    ("city=Pune,stage=3", ["--city", "Pune", "--stage", "3"], "p.city = 'Pune' AND p.stage = 3"),
    ("company=Employer 0007", ["--company", "Employer 0007"],
     "p.source = 'greenhouse:employer-0007'"),
    ("mode=hybrid", ["--mode", "hybrid"], "p.mode = 2"),
    ("track=llm-infra", ["--track", "llm-infra"], "p.track = 3"),
    ("new=7", ["--new", "7"], f"p.first > {TODAY - 7}"),
    (f"with={SKILL}", ["--with", SKILL], "p.id IN (SELECT posting FROM match WHERE skill = {skill})"),
    (f"with={SKILL},city=Pune,mode=remote,new=14",
     ["--with", SKILL, "--city", "Pune", "--mode", "remote", "--new", "14"],
     "p.id IN (SELECT posting FROM match WHERE skill = {skill}) AND p.city = 'Pune' AND p.mode = 3"
     f" AND p.first > {TODAY - 14}"),
    (f"series={SKILL}", None, None),
]
DEMAND = ("SELECT m.skill, count(*), sum(m.stated), sum(m.required) FROM match m JOIN posting p"
          " ON p.id = m.posting WHERE p.core = 1 AND p.ended IS NULL{where} GROUP BY m.skill"
          " ORDER BY 1")
SERIES = ("SELECT day, sum(sum(step)) OVER (ORDER BY day) FROM (SELECT p.first AS day, 1 AS step"
          " FROM match m JOIN posting p ON p.id = m.posting WHERE m.skill = {skill} AND p.core = 1"
          " UNION ALL SELECT p.ended, -1 FROM match m JOIN posting p ON p.id = m.posting"
          " WHERE m.skill = {skill} AND p.core = 1 AND p.ended IS NOT NULL) GROUP BY day ORDER BY day")
TABLES = ["CREATE TABLE posting (id INTEGER PRIMARY KEY, source TEXT, core INT, stage INT, mode INT,"
          " track INT, city TEXT, first INT, ended INT)",
          "CREATE TABLE match (posting INT, skill INT, stated INT, required INT{key})"]
DUCK = """
const { DuckDBInstance } = require(process.argv[1] + '/node_modules/@duckdb/node-api');
(async () => {
  const db = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  for (const t of JSON.parse(process.argv[3])) await db.run(t);
  for (const t of ['posting', 'match']) await db.run(`COPY ${t} FROM '${process.argv[2]}/${t}.csv'`);
  const out = [];
  for (const query of JSON.parse(process.argv[4])) {
    const times = [];
    let rows;
    for (let i = 0; i < +process.argv[5]; i++) {
      const from = process.cpuUsage();
      const result = await db.runAndReadAll(query), used = process.cpuUsage(from);
      rows = result.getRows();
      times.push((used.user + used.system) / 1e3);
    }
    out.push([times.sort((a, b) => a - b)[times.length >> 1], rows.map(r => r.map(Number))]);
  }
  console.log(JSON.stringify(out));
})();
"""


def sql_of(question, where, skill):
    if where is None:
        return SERIES.format(skill=skill)
    where = "".join(" AND " + w for w in [where.format(skill=skill),
                    "m.required = 1" if "required" in question else ""] if w)
    if "required" in question:
        where = where.replace(f"skill = {skill})", f"skill = {skill} AND required = 1)")
    return DEMAND.format(where=where)


def command_ms(words):
    """Of the processor, and by the clock."""
    used, passed = [], []
    for _ in range(RUNS):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        passed.append(1000 * (time.monotonic() - start))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used.append(1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
    return f"{statistics.median(used):9.1f}{statistics.median(passed):9.1f}"


def asked(ask, state, config, question):
    lines = subprocess.run([ask, state, NOW, config, question, str(RUNS)], check=True, text=True,
                           capture_output=True).stdout.split()
    return float(lines[0]), sorted([int(n) for n in line.split(",")] for line in lines[1:])


def in_duckdb(csv, queries):
    home = os.environ.get("DUCKDB")
    if not home:
        return None
    tables = [t.replace("{key}", "") for t in TABLES]
    answer = subprocess.run(["node", "-e", DUCK, home, csv, json.dumps(tables), json.dumps(queries),
                             str(RUNS)], check=True, capture_output=True, text=True)
    return json.loads(answer.stdout)


def in_sqlite(csv, queries):
    path = csv + "/naive.db"
    if not os.path.exists(path):
        script = ";\n".join(TABLES).replace("{key}", ", PRIMARY KEY (posting, skill)")
        subprocess.run(["sqlite3", path], text=True, check=True,
                       input=f"{script} WITHOUT ROWID;\n.mode csv\n.import {csv}/posting.csv posting"
                             f"\n.import {csv}/match.csv match\n"
                             "UPDATE posting SET ended = NULL WHERE ended = '';\n")
    db, out = sqlite3.connect(path), []
    db.execute("PRAGMA cache_size = -262144")
    for query in queries:
        start = time.process_time()
        rows = db.execute(query).fetchall()
        out.append((1000 * (time.process_time() - start), [list(r) for r in rows]))
    return out


def every_day(rows):
    """Day by day, as a series is asked; SQL has the days of change."""
    changed, out, n = dict(map(tuple, rows)), [], 0
    for day in range(TODAY - YEAR + 1, TODAY + 1):
        n = changed.get(day, n)
        out.append([day, n])
    return out


def main():
    program, fill, ask, config, nothing = map(os.path.abspath, sys.argv[1:])
    folder = os.environ.get("FOLDER") or tempfile.mkdtemp(dir=SHARED)
    try:
        if not os.path.exists(folder + "/roletide.db"):
            subprocess.run([fill, folder, config, nothing, POSTINGS], check=True,
                           stdout=subprocess.DEVNULL)
        return measure(program, ask, folder, config)
    finally:
        if not os.environ.get("FOLDER"):
            shutil.rmtree(folder)


def measure(program, ask, folder, config):
    env = [program, "--config", config, "--state", folder, "--now", NOW]
    for what in ("a first day", "an hour later"):
        took, peak = subprocess.run([ask, folder, NOW, config, "figures"], check=True, text=True,
                                    capture_output=True).stdout.split()
        print(f"{POSTINGS} postings: figures of {what} in {took} s, {peak} MiB at most")
    if not os.path.exists(folder + "/match.csv"):
        subprocess.run([ask, folder, NOW, config, "export", folder], check=True)
    skill = int(sqlite3.connect(f"file:{folder}/roletide.db?mode=ro", uri=True)
                .execute("SELECT n FROM skill WHERE id = ?", (SKILL,)).fetchone()[0])
    queries = [sql_of(q, where, skill) for q, _, where in QUESTIONS]
    ours = [asked(ask, folder, config, q) for q, _, _ in QUESTIONS]
    duck = in_duckdb(folder, queries)
    naive = in_sqlite(folder, [queries[0], queries[-1]])
    print(f"{'':42}{'roletide':>9}{'DuckDB':>9}{'ratio':>8}{'SQLite':>9}{'ratio':>8}{'command':>9}{'(clock)':>9}  (ms)")
    print(f"{'(bare)':42}{'':43}{command_ms(env)}")
    wrong = 0
    for i, (question, words, where) in enumerate(QUESTIONS):
        line = f"{question:42}{ours[i][0]:9.3f}"
        for other in (duck and duck[i], naive[0] if i == 0 else naive[1] if words is None else None):
            line += (f"{other[0]:9.1f}{other[0] / ours[i][0]:8.1f}" if other
                     else f"{'-':>9}{'-':>8}")
            rows = other and (every_day(other[1]) if words is None else other[1])
            if other and rows != ours[i][1] and "new=" not in question:
                wrong += 1
                line += "  DIFFERS"
        run = ["trend", SKILL, "--since", "2025-10-22"] if words is None else ["demand", *words]
        print(f"{line}{command_ms(env + run)}")
    return wrong


sys.exit(main())
