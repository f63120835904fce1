#!/usr/bin/env python3
"""crawl.py ROLETIDE: what a crawl costs beside other clients, on one server with latency.

N pages on the hosts 127.0.1.1 and up, one a host, each answered after DELAY; so the least time
is DELAY times pages over connections. wget2, curl --parallel and Scrapy fetch the same pages,
and do no more than that; ours has robots.txt, ledger and store to keep. CPU is user + system.
Environment: PAGES (256), CONNECTIONS (64), DELAY_MS (50). Clients that are missing are named.
"""
import asyncio, json, os, resource, shutil, subprocess, sys, tempfile, threading, time

N = int(os.environ.get("PAGES", 256))
WIDE = int(os.environ.get("CONNECTIONS", 64))
DELAY = int(os.environ.get("DELAY_MS", 50)) / 1000
JOBS = [{"id": i, "title": f"MLOps Engineer {i}", "absolute_url": f"https://a.example/{i}",
         "location": {"name": "Pune, India"}, "content": "Kubernetes, MLflow. " * 50}
        for i in range(10)]
BODY = json.dumps({"jobs": JOBS, "meta": {"total": len(JOBS)}}).encode()
SPIDER = """
import scrapy
class S(scrapy.Spider):
    name = 's'
    start_urls = open('{urls}').read().split()
    custom_settings = dict(CONCURRENT_REQUESTS={wide}, LOG_LEVEL='ERROR', ROBOTSTXT_OBEY=True,
                           TELNETCONSOLE_ENABLED=False)
    def parse(self, response): pass
"""


async def answer(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(DELAY)
            robots = b" /robots.txt" in head.split(b"\r\n")[0]
            body, status = (b"", b"404 Not Found") if robots else (BODY, b"200 OK")
            writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Type: application/json\r\n"
                         b"Content-Length: %d\r\n\r\n" % len(body) + body)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def serve(ports):
    async def main():
        s = await asyncio.start_server(answer, "0.0.0.0", 0, backlog=1024)
        ports.append(s.sockets[0].getsockname()[1])
        await s.serve_forever()
    asyncio.run(main())


def measure(words, cwd):
    start = time.monotonic()
    p = subprocess.Popen(words, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    out = p.stdout.read()
    _, status, used = os.wait4(p.pid, 0)
    return (time.monotonic() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024,
            os.waitstatus_to_exitcode(status), out)


def main():
    program, d, read, write = os.path.abspath(sys.argv[1]), tempfile.mkdtemp(), [], os.pipe()
    server = os.fork()
    if not server:  # a process of its own: its work is nobody's CPU
        ports = []
        threading.Thread(target=serve, args=(ports,), daemon=True).start()
        while not ports:
            time.sleep(0.01)
        os.write(write[1], b"%d\n" % ports[0])
        while os.getppid() != 1:
            time.sleep(0.2)
        os._exit(0)
    try:
        port = int(os.read(write[0], 16))
        compare(program, d, port)
    finally:
        os.kill(server, 9)


def compare(program, d, port):
    hosts = [f"127.0.{1 + i // 250}.{1 + i % 250}:{port}" for i in range(N)]
    path = "/v1/boards/t/jobs?content=true&pay_transparency=true"
    urls = [f"http://{h}{path}" for h in hosts]
    os.makedirs(d + "/config/sources")
    put = lambda name, text: open(f"{d}/{name}", "w").write(text)
    put("config/roletide.yaml", "own_sources: true\nallow_loopback: true\n"
        f"fetch: {{ gap_ms: 1, max_active: {WIDE} }}\n")
    put("config/sources/s.yaml", "".join(
        f"- {{ key: 'greenhouse:b{i}', adapter: greenhouse, company: C{i}, "
        f"params: {{ token: t, base: 'http://{h}' }} }}\n" for i, h in enumerate(hosts)))
    put("urls", "\n".join(urls))
    put("curl", "".join(f"url={u}\noutput=/dev/null\n" for u in urls))
    put("spider.py", SPIDER.format(urls=d + "/urls", wide=WIDE))
    crawl = [program, "--config", d + "/config", "--state", d + "/state", "crawl", "--format",
             "jsonl", "--now"]
    clients = [
        ("first day", crawl + ["2026-11-11T03:30:00Z"]),  # every posting is read for its skills
        ("unchanged", crawl + ["2026-11-12T03:40:00Z"]),  # the crawl alone
        ("curl", ["curl", "-sZ", "--parallel-max", str(WIDE), "-K", d + "/curl"]),
        ("wget2", ["wget2", "-q", "-O", "/dev/null", "--max-threads", str(WIDE), "--robots=on",
                   "-i", d + "/urls"]),
        ("scrapy", ["scrapy", "runspider", d + "/spider.py"]),
    ]
    print("client      wall s  least s  share  CPU ms/page  ratio  RSS MiB  exit")
    ours = None
    for name, words in clients:
        if not shutil.which(words[0]):
            print(f"{name:10}  SKIPPED: not installed")
            continue
        wall, cpu, rss, status, out = measure(words, d)
        requests = N if name == "curl" else 2 * N  # with robots.txt
        least = DELAY * requests / min(WIDE, N)
        ours = cpu if name == "unchanged" else ours or cpu
        print(f"{name:10}  {wall:6.2f}  {least:7.2f}  {least / wall:5.2f}  {cpu * 1000 / N:11.2f}"
              f"  {cpu / ours:5.2f}  {rss:7.1f}  {status:4}", flush=True)
        if words[0] == program and (status or out.count(b'"complete"') + out.count(b'"unchanged"') != N):
            sys.exit("the crawl did not read every board")


main()
