#!/usr/bin/env python3
"""query.py ROLETIDE FILL CONFIG NOTHING: what an answer costs beside the same question in SQL.

A store of POSTINGS ads (fill.c), its figures made by `reparse`; then each question is asked of
the program as a whole, start and configuration included, and of sqlite3 and DuckDB: the time is
the median of RUNS. SQL counts only: it makes no interval, no lift and no trend. "joined" asks the
documented views, where openings are finished already; "naive" counts the postings' own mentions.
DuckDB asks a copy of the same rows, within one process, its start left out.
Environment: POSTINGS (1000000), RUNS (9), FOLDER (kept and used again; default: a temporary one),
DUCKDB (a folder in which `npm install @duckdb/node-api` was done; without it: left out).
"""
import json, os, shutil, statistics, subprocess, sys, tempfile, time

POSTINGS = os.environ.get("POSTINGS", "1000000")
RUNS = int(os.environ.get("RUNS", 9))
SHARED = "/dev/shm" if os.path.isdir("/dev/shm") else None
OPEN = "FROM v_mention m JOIN v_counted_opening o USING (opening) WHERE o.text_read AND m.demanded"
ASKED = {
    "demand": f"SELECT m.skill, count(*) AS n, sum(m.stated), sum(m.polarity = 'required') {OPEN}"
              " GROUP BY m.skill ORDER BY n DESC, m.skill",
    "demand SKILL": f"SELECT count(*) {OPEN} AND m.skill = 'kubernetes'",
    "bare": "SELECT * FROM (SELECT o.stage, m.skill, count(*) AS n, row_number() OVER (PARTITION BY"
            f" o.stage ORDER BY count(*) DESC) AS place {OPEN} GROUP BY o.stage, m.skill)"
            " WHERE place <= 5",
}
COMMANDS = {
    "demand": ["demand"],
    "demand SKILL": ["demand", "kubernetes"],
    "bare": [],
    "demand --city": ["demand", "--city", "Pune"],
    "roles --since": ["roles", "--since", "2026-01-01"],
}
# The rows behind the views, as plain as an analyst would have them.
EXPORT = {
    "counted": "SELECT opening, coalesce(stage, 0) AS stage, cities, text_read FROM"
               " v_counted_opening",
    "mentions": "SELECT opening, skill, polarity, stated, demanded FROM v_mention",
}
DUCK = """
const { DuckDBInstance } = require(process.argv[1] + '/node_modules/@duckdb/node-api');
(async () => {
  const db = await (await DuckDBInstance.create(':memory:')).connect();
  await db.run('SET threads = 1');
  for (const t of ['counted', 'mentions'])
    await db.run(`CREATE TABLE ${t} AS SELECT * FROM read_csv('${process.argv[2]}/${t}.csv')`);
  const asked = JSON.parse(process.argv[3]), out = {};
  for (const name in asked) {
    const times = [];
    for (let i = 0; i < +process.argv[4]; i++) {
      const from = process.hrtime.bigint();
      await db.runAndReadAll(asked[name]);
      times.push(Number(process.hrtime.bigint() - from) / 1e6);
    }
    out[name] = times.sort((a, b) => a - b)[times.length >> 1];
  }
  console.log(JSON.stringify(out));
})();
"""


def ms(words):
    times = []
    for _ in range(RUNS):
        start = time.monotonic()
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        times.append(1000 * (time.monotonic() - start))
    return statistics.median(times)


def duckdb(folder, db):
    home = os.environ.get("DUCKDB")
    if not home:
        return {}
    for name, query in EXPORT.items():
        with open(f"{folder}/{name}.csv", "w") as out:
            subprocess.run(["sqlite3", "-readonly", "-csv", "-header", db, query], check=True,
                           stdout=out)
    asked = {name: q.replace("v_mention", "mentions").replace("v_counted_opening", "counted")
                    .replace("sum(m.polarity = 'required')", "count_if(m.polarity = 'required')")
             for name, q in ASKED.items()}
    asked["demand --city"] = asked["demand"].replace("WHERE ", "WHERE o.cities LIKE '%Pune%' AND ")
    answer = subprocess.run(["node", "-e", DUCK, home, folder, json.dumps(asked), str(RUNS)],
                            check=True, capture_output=True, text=True)
    return json.loads(answer.stdout)


def main():
    program, fill, config, nothing = map(os.path.abspath, sys.argv[1:])
    folder = os.environ.get("FOLDER") or tempfile.mkdtemp(dir=SHARED)
    db = folder + "/roletide.db"
    try:
        if not os.path.exists(db):
            subprocess.run([fill, folder, config, nothing, POSTINGS], check=True,
                           stdout=subprocess.DEVNULL)
        measure(program, folder, db, config)
    finally:
        if not os.environ.get("FOLDER"):
            shutil.rmtree(folder)


def measure(program, folder, db, config):
    env = ["--config", config, "--state", folder, "--now", "2026-10-21T01:30:00Z"]
    start = time.monotonic()
    subprocess.run([program, *env, "reparse", "-q"], check=True, stdout=subprocess.DEVNULL)
    print(f"{POSTINGS} postings; joined and all figures made in {time.monotonic() - start:.0f} s")
    ours = {name: ms([program, *env, *words]) for name, words in COMMANDS.items()}
    sql = {name: ms(["sqlite3", "-readonly", db, q]) for name, q in ASKED.items()}
    duck = duckdb(folder, db)
    print(f"{'':16}{'roletide ms':>12}{'sqlite3 ms':>12}{'ratio':>8}{'DuckDB ms':>12}{'ratio':>8}")
    for name in COMMANDS:
        line = f"{name:16}{ours[name]:12.1f}"
        for other in (sql, duck):
            line += (f"{other[name]:12.1f}{other[name] / ours[name]:8.1f}" if name in other
                     else f"{'-':>12}{'-':>8}")
        print(line)


main()
