#!/usr/bin/env python3
"""crawl.py ROLETIDE DELAY_SERVER BARE_CURL: what a crawl costs beside other clients.

A page is an answer of PAGE_KIB. Three shapes, on hosts 127.0.1.1 and up, every answer DELAY late and
different from every other. All clients ask the same addresses; where they can, one at a time of a
host:

    hosts    HOSTS hosts with one board of five ads each: robots.txt, then the board. Every second
             request needs a new connection.
    boards   as many hosts as connections, PAGES requests to each over one connection: robots.txt, and
             boards of five ads, as a vendor's host has them.
    pages    the same with one board a host: robots.txt, a list, and a page for each of its ads.

"share" is the least time over the time taken. The least: DELAY times the requests over the
connections, which in the last two is DELAY times the requests of a host. CPU is user + system of the whole
process, in microseconds a request; "ratio" is to `bare poll`, a loop of curl_multi_perform and
curl_multi_poll that throws all away and keeps no pause, "epoll" the same with
curl_multi_socket_action. Of the crawl:

    new          every ad is new: parsed, stored, read for its skills, joined and counted
    unchanged    the next day, the same bytes
    its crawl    of either, up to the line that sums the crawl up: start, robots.txt, ledger, history
    its pages    the same without the start: what a page more costs
    start        the same command where no board is configured, up to that line: settings and rules
                 are read, the store is opened

Environment: HOSTS (2048), PAGES (64), PAGE_KIB (5), CONNECTIONS ("64 256"), DELAY_MS (50), RUNS (1; of
more the medians are given), SHAPES ("hosts boards pages"), CLIENTS (all; names with commas between).
Clients that are missing are named. The last three columns are the server's: requests it answered, its latest
answer, and its CPU over the time taken.
"""
import json, os, random, shutil, statistics, subprocess, sys, tempfile, time

HOSTS = int(os.environ.get("HOSTS", 2048))
PAGES = int(os.environ.get("PAGES", 64))
PAGE = int(float(os.environ.get("PAGE_KIB", 5)) * 1024)
ADS = 5
WIDTHS = [int(w) for w in os.environ.get("CONNECTIONS", "64 256").split()]
DELAY = int(os.environ.get("DELAY_MS", 50)) / 1000
RUNS = int(os.environ.get("RUNS", 1))
CLIENTS = [c for c in os.environ.get("CLIENTS", "").split(",") if c]
ASKED = os.environ.get("SHAPES", "hosts boards pages").split()
AD = """<p>Tarang Freight moves goods between 40 towns, and its models decide which lorry goes where.
Our number: ########-%d.</p><h3>What we ask for</h3><ul><li>3-6 years in software or data
engineering</li><li>Python, SQL, Docker and Kubernetes</li><li>Terraform on AWS or Azure</li></ul>
<p>Nice to have: MLflow, Ray. Hybrid, three days a week in our office near the river.</p>"""
WORDS = """build run keep watch review serve train deploy models pipelines features data notebooks endpoints
batches lorries routes depots teams engineers scientists platform store queue cluster registry alarm
rollback release night week quarter latency drift cost quality test own with from into before after while
behind for and the a our your their every each faster safer simpler Airflow Prometheus Grafana FastAPI
Kafka Spark Feast Triton ONNX Python""".split()
HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
SPIDER = """
import scrapy
class S(scrapy.Spider):
    name = 's'
    start_urls = open('{urls}').read().split()
    custom_settings = dict(CONCURRENT_REQUESTS={wide}, LOG_LEVEL='ERROR', ROBOTSTXT_OBEY=True,
                           TELNETCONSOLE_ENABLED=False)
    def parse(self, response): pass
"""


def answer(body):
    return HEAD % len(body) + body


def text_of(i, size):
    """An ad of its own words, of about so many bytes."""
    chosen = random.Random(i)
    text = AD % i
    while len(text) < size:
        words = [" ".join(chosen.choices(WORDS, k=chosen.randint(8, 16))) for _ in range(4)]
        text += "<p>" + ". ".join(words) + ".</p>"
    return text


def answers():
    """What stands in a request's line, and the answer to it; the first that fits."""
    jobs = [{"id": i, "title": f"MLOps Engineer {i}", "absolute_url": f"https://a.example/{i}",
             "location": {"name": "Pune, India"}, "content": text_of(i, PAGE // ADS - 300)}
            for i in range(ADS)]
    company = {"identifier": "t", "name": "Tarang"}
    ads = [{"id": f"{i}", "name": f"MLOps Engineer {i}", "company": company,
            "releasedDate": "2026-11-01T08:00:00.000Z", "location": {"city": "Pune", "country": "in"}}
           for i in range(PAGES - 2)]
    ad = {"id": "0", "name": "MLOps Engineer", "company": company, "jobAd": {"sections": {
        "jobDescription": {"title": "The role", "text": text_of(0, PAGE - 500)}}}}
    return {" /robots.txt": answer("User-agent: *\nDisallow: /admin/\nDisallow: /*?preview=\nAllow: /\n"),
            "/boards/": answer(json.dumps({"jobs": jobs, "meta": {"total": len(jobs)}})),
            "/postings?": answer(json.dumps({"content": ads, "totalFound": len(ads)})),
            "/postings/": answer(json.dumps(ad))}


BOARD = "/v1/boards/{}/jobs?content=true&pay_transparency=true"
POSTINGS = "/v1/companies/t/postings"


def shape_hosts(names, wide):
    sites = [(name, ["/robots.txt", BOARD.format("t")]) for name in names(HOSTS)]
    return sites, "greenhouse,token", ["t"]


def shape_boards(names, wide):
    tokens = [f"t{i}" for i in range(PAGES - 1)]
    sites = [(name, ["/robots.txt"] + [BOARD.format(t) for t in tokens]) for name in names(wide)]
    return sites, "greenhouse,token", tokens


def shape_pages(names, wide):
    paths = ["/robots.txt", POSTINGS + "?limit=100&offset=0&country=in"]
    paths += [f"{POSTINGS}/{i}" for i in range(PAGES - 2)]
    return [(name, paths) for name in names(wide)], "smartrecruiters,company", ["t"]


SHAPES = {"hosts": shape_hosts, "boards": shape_boards, "pages": shape_pages}


def cpu_of(pid):
    """On a processor until now, in seconds, all threads."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat") as f:
            total += int(f.read().split()[0]) / 1e9
    return total


def peak_of(pid):
    with open(f"/proc/{pid}/status") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmHWM")) / 1024


class Result:
    def __init__(self, wall, cpu, rss):
        self.wall, self.cpu, self.rss = wall, cpu, rss


def measure(words, cwd):
    start, crawl = time.monotonic(), None
    with tempfile.TemporaryFile() as out:
        p = subprocess.Popen(words, cwd=cwd, stdout=out, stderr=subprocess.PIPE)
        for line in p.stderr:
            if b" sources: " in line or b"nothing is read" in line:
                crawl = Result(time.monotonic() - start, cpu_of(p.pid), peak_of(p.pid))
        _, status, used = os.wait4(p.pid, 0)
        whole = Result(time.monotonic() - start, used.ru_utime + used.ru_stime,
                       used.ru_maxrss / 1024)
        out.seek(0)
        return whole, crawl, os.waitstatus_to_exitcode(status), out.read()


class Server:
    """Answers are made once, so one server serves all clients of a shape."""

    def __init__(self, program, folder):
        words = [program, str(int(DELAY * 1e6))]
        for i, (what, text) in enumerate(answers().items()):
            with open(f"{folder}/answer{i}", "w", newline="") as f:
                f.write(text)
            words += [what, f"{folder}/answer{i}"]
        self.p = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self.port = int(self.p.stdout.readline())

    def names(self, n):
        return [f"127.0.{1 + i // 250}.{1 + i % 250}:{self.port}" for i in range(n)]

    def told(self):
        """Since the last time: requests answered, how late the latest was in ms, CPU in s."""
        self.p.stdin.write(b"\n")
        n, late, cpu = self.p.stdout.readline().split()
        return int(n), int(late) / 1000, int(cpu) / 1e6


def prepare(d, sites, kind, boards, wide):
    """The same addresses, as each client wants them."""
    os.makedirs(d + "/config/sources")
    put = lambda name, text: open(f"{d}/{name}", "w").write(text)
    os.makedirs(d + "/start")
    for folder in "config", "start":
        put(folder + "/roletide.yaml", "own_sources: true\nallow_loopback: true\n"
            f"fetch: {{ gap_ms: 1, max_active: {wide} }}\n")
    adapter, param = kind.split(",")
    put("config/sources/s.csv", f"key,adapter,base,params.{param},company\n" + "".join(
        f"{adapter}:{b}-{i},{adapter},http://{name},{b},C{i}\n"
        for i, (name, _) in enumerate(sites) for b in boards))
    put("bare", "\n".join("".join(f"http://{name}{path}\n" for path in paths)
                          for name, paths in sites))
    n_paths = len(sites[0][1])
    turns = [f"http://{name}{paths[i]}" for at in range(0, len(sites), wide)
             for i in range(n_paths) for name, paths in sites[at:at + wide]]
    put("turns", "\n".join(turns))
    put("curl", "".join(f"url={url}\noutput=/dev/null\n" for url in turns))
    put("scrapy", "\n".join(url for url in turns if not url.endswith("/robots.txt")))
    put("spider.py", SPIDER.format(urls=d + "/scrapy", wide=wide))


def clients(program, bare, d, shape, wide):
    crawl = ["crawl", "--format", "jsonl", "--now"]
    ours = [program, "--config", d + "/config", "--state", d + "/state"] + crawl
    start = [program, "--config", d + "/start", "--state", d + "/empty"] + crawl
    every = {
        "bare poll": [bare, "poll", str(wide), d + "/bare"],
        "bare epoll": [bare, "epoll", str(wide), d + "/bare"],
        "curl": ["curl", "-sZ", "--parallel-max", str(wide), "-K", d + "/curl"],
        "wget2": ["wget2", "-q", "-O", "/dev/null", "--max-threads", str(wide), "--robots=off",
                  "-i", d + "/turns"],
        "start": start + ["2026-11-11T03:30:00Z"],
        "new": ours + ["2026-11-11T03:30:00Z"],
        "unchanged": ours + ["2026-11-12T03:40:00Z"],
        "scrapy": ["scrapy", "runspider", d + "/spider.py"],
    }
    if shape == "pages": # an unchanged board with a page an ad costs one request
        del every["unchanged"]
    if CLIENTS:
        keep = CLIENTS + ["start"] * ("new" in CLIENTS or "unchanged" in CLIENTS)
        every = {name: words for name, words in every.items() if name in keep}
    return every


def without(whole, start):
    return Result(whole.wall - start.wall, whole.cpu - start.cpu, whole.rss)


def run_all(todo, ours, server, d, n_boards, results):
    shutil.rmtree(d + "/state", ignore_errors=True)
    for name, words in todo.items():
        if not shutil.which(words[0]):
            results[name] = []
            continue
        server.told()
        whole, crawl, status, out = measure(words, d)
        whole.server = server.told()
        if status or (words[0] == ours and not crawl):
            sys.exit(f"{name}: exit {status}, or no summary")
        if name == "start":
            results.setdefault(name, []).append(crawl)
            crawl.server = whole.server
            continue
        if words[0] == ours:
            if out.count(b'"complete"') + out.count(b'"unchanged"') != n_boards:
                sys.exit("the crawl did not read every board")
            pages = without(crawl, results["start"][-1])
            crawl.server = pages.server = whole.server
            results.setdefault(f"{name}: its pages", []).append(pages)
            results.setdefault(f"{name}: its crawl", []).append(crawl)
        results.setdefault(name, []).append(whole)


def middle(values):
    return statistics.median(values)


def show(name, runs, base, asked, least):
    if not runs:
        print(f"{name:20}  SKIPPED: not installed", flush=True)
        return
    wall = middle([r.wall for r in runs])
    ratio = middle([r.cpu / b.cpu for r, b in zip(runs, base)]) if base else 0
    n, late, cpu = runs[-1].server
    print(f"{name:20}  {wall:6.2f}  {least / wall:5.3f}  {middle([r.cpu for r in runs]) * 1e6 / asked:7.1f}"
          f"  {ratio:6.2f}  {middle([r.rss for r in runs]):6.1f}"
          f"  {n:8}  {late:7.1f}  {100 * cpu / wall:5.1f}", flush=True)


def compare(program, server_program, bare, d, shape, wide):
    os.makedirs(d)
    server = Server(server_program, d)
    try:
        sites, kind, boards = SHAPES[shape](server.names, wide)
        asked = sum(len(paths) for _, paths in sites)
        chain = asked / min(wide, len(sites))
        prepare(d, sites, kind, boards, wide)
        results = {}
        for _ in range(RUNS):
            run_all(clients(program, bare, d, shape, wide), program, server, d,
                    len(sites) * len(boards), results)
        print(f"\n{shape}: {len(sites)} hosts, {asked} requests, {wide} connections, "
              f"{DELAY * 1000:.0f} ms, {RUNS} run(s); least {DELAY * chain:.2f} s\n"
              "client                wall s  share  CPU us   ratio     MiB  answered  late ms  its %")
        for name, runs in results.items():
            show(name, runs, results.get("bare poll"), asked, DELAY * chain)
    finally:
        server.p.kill()


def main():
    program, server, bare = (os.path.abspath(word) for word in sys.argv[1:4])
    with tempfile.TemporaryDirectory() as d:
        for shape in ASKED:
            for wide in WIDTHS:
                compare(program, server, bare, f"{d}/{shape}{wide}", shape, wide)


main()
