#!/usr/bin/env python3
"""crawl.py ROLETIDE DELAY_SERVER BARE_CURL: what a crawl costs beside other clients.

N boards of ten ads on the hosts 127.0.1.1 and up, one a host, each answered after DELAY. Every
client asks each host for robots.txt and then for its board, so the least time is DELAY times
twice the boards over the connections; "share" is that over the time taken (above 1: the client
asked for less, as wget2 does, which skips robots.txt here). CPU is user + system of the whole
process; "ratio" is to bare_curl, the least loop that libcurl allows, which keeps nothing.

    first day    every ad is new: parsed, stored, read for its skills, joined and counted
    unchanged    the next day, the same bytes
    nothing due  the next day without boards: start, and the figures of 10 N ads
    the crawl    unchanged without nothing due

Environment: PAGES (1024), CONNECTIONS ("64 256"), DELAY_MS (50). Clients that are missing are named.
"""
import json, os, shutil, subprocess, sys, tempfile, time

N = int(os.environ.get("PAGES", 1024))
WIDTHS = [int(w) for w in os.environ.get("CONNECTIONS", "64 256").split()]
DELAY = int(os.environ.get("DELAY_MS", 50)) / 1000
AD = """<p>Tarang Freight moves goods between 40 towns, and its models decide which lorry goes where.
You keep them running: from the notebook of a data scientist to an endpoint that answers within
50 ms, with a rollback that works at night.</p><h3>What you will do</h3><ul><li>Build and run
training pipelines on Kubernetes with Airflow</li><li>Serve models behind FastAPI, watch them with
Prometheus and Grafana</li><li>Review how features reach the store, and who may read them</li></ul>
<h3>What we ask for</h3><ul><li>3-6 years in software or data engineering</li><li>Python, SQL and
Docker</li><li>Terraform on AWS or Azure</li></ul><p>Nice to have: MLflow, Ray. Hybrid, three days
a week in our office near the river; private health cover for the family.</p>"""
JOBS = [{"id": i, "title": f"MLOps Engineer {i}", "absolute_url": f"https://a.example/{i}",
         "location": {"name": "Pune, India"}, "content": AD} for i in range(10)]
BODY = json.dumps({"jobs": JOBS, "meta": {"total": len(JOBS)}}).encode()
HEAD = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
BOARD = HEAD % (b"200 OK", len(BODY)) + BODY
NO_ROBOTS = HEAD % (b"404 Not Found", 0)
SPIDER = """
import scrapy
class S(scrapy.Spider):
    name = 's'
    start_urls = open('{urls}').read().split()
    custom_settings = dict(CONCURRENT_REQUESTS={wide}, LOG_LEVEL='ERROR', ROBOTSTXT_OBEY=True,
                           TELNETCONSOLE_ENABLED=False)
    def parse(self, response): pass
"""


def measure(words, cwd):
    start = time.monotonic()
    p = subprocess.Popen(words, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    out = p.stdout.read()
    _, status, used = os.wait4(p.pid, 0)
    return (time.monotonic() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024,
            os.waitstatus_to_exitcode(status), out)


def main():
    program, server, bare = (os.path.abspath(word) for word in sys.argv[1:4])
    d = tempfile.mkdtemp()
    for name, answer in (("robots", NO_ROBOTS), ("board", BOARD)):
        with open(f"{d}/{name}", "wb") as f:
            f.write(answer)
    with subprocess.Popen([server, str(int(DELAY * 1e6)), d + "/robots", d + "/board"],
                          stdout=subprocess.PIPE) as p:
        try:
            port = int(p.stdout.readline())
            for wide in WIDTHS:
                compare(program, bare, f"{d}/{wide}", port, wide)
        finally:
            p.kill()


def show(name, wall, cpu, rss, status, wide, of):
    least = DELAY * 2 * N / min(wide, N)
    print(f"{name:11}  {wall:6.2f}  {least / wall:5.2f}  {cpu * 1000 / N:11.3f}"
          f"  {cpu / of if of else 1:5.2f}  {rss:7.1f}  {status:4}", flush=True)


def compare(program, bare, d, port, wide):
    hosts = [f"127.0.{1 + i // 250}.{1 + i % 250}:{port}" for i in range(N)]
    path = "/v1/boards/t/jobs?content=true&pay_transparency=true"
    urls = [f"http://{h}{path}" for h in hosts]
    os.makedirs(d + "/config/sources")
    put = lambda name, text: open(f"{d}/{name}", "w").write(text)
    put("config/roletide.yaml", "own_sources: true\nallow_loopback: true\n"
        f"fetch: {{ gap_ms: 1, max_active: {wide} }}\n")
    put("config/sources/s.yaml", "".join(
        f"- {{ key: 'greenhouse:b{i}', adapter: greenhouse, company: C{i}, "
        f"params: {{ token: t, base: 'http://{h}' }} }}\n" for i, h in enumerate(hosts)))
    put("urls", "\n".join(urls))
    put("pairs", "".join(f"http://{h}/robots.txt\nhttp://{h}{path}\n" for h in hosts))
    put("curl", "".join(f"url=http://{h}{what}\noutput=/dev/null\n"
                        for h in hosts for what in ("/robots.txt", path)))
    put("spider.py", SPIDER.format(urls=d + "/urls", wide=wide))
    os.makedirs(d + "/off/sources")
    put("off/roletide.yaml", "own_sources: true\n")
    off = [program, "--config", d + "/off", "--state", d + "/copy", "crawl", "--format", "jsonl",
           "--now"]
    crawl = [program, "--config", d + "/config", "--state", d + "/state", "crawl", "--format",
             "jsonl", "--now"]
    clients = [
        ("bare_curl", [bare, str(wide), d + "/pairs"]),
        ("curl", ["curl", "-sZ", "--parallel-max", str(wide), "-K", d + "/curl"]),
        ("first day", crawl + ["2026-11-11T03:30:00Z"]),
        ("nothing due", off + ["2026-11-12T03:40:00Z"]),
        ("unchanged", crawl + ["2026-11-12T03:40:00Z"]),
        ("wget2", ["wget2", "-q", "-O", "/dev/null", "--max-threads", str(wide), "--robots=on",
                   "-i", d + "/urls"]),
        ("scrapy", ["scrapy", "runspider", d + "/spider.py"]),
    ]
    print(f"{N} boards, {wide} connections, {DELAY * 1000:.0f} ms\n"
          "client       wall s  share  CPU ms/page  ratio  RSS MiB  exit")
    base = idle = None
    for name, words in clients:
        if not shutil.which(words[0]):
            print(f"{name:11}  SKIPPED: not installed")
            continue
        if name == "nothing due":
            shutil.copytree(d + "/state", d + "/copy")
        wall, cpu, rss, status, out = measure(words, d)
        base = base or cpu
        read = out.count(b'"complete"') + out.count(b'"unchanged"')
        if words[0] == program and (status or read != (0 if name == "nothing due" else N)):
            sys.exit("the crawl did not read every board")
        show(name, wall, cpu, rss, status, wide, base)
        idle = (wall, cpu) if name == "nothing due" else idle
        if name == "unchanged":
            show("the crawl", wall - idle[0], cpu - idle[1], rss, status, wide, base)


main()
