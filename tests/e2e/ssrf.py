#!/usr/bin/env python3
"""ssrf.py ROLETIDE: no packet leaves for an address that is not public.

In a network of its own, where every address has a route, a packet socket sees what the crawler
sends. Names come from a hosts file; a server on a public address redirects. ROLETIDE_SSRF=FILE
adds rows "id verdict address" (tab-separated). Exit 77: it cannot be tried here.
"""
import ipaddress, os, socket, subprocess, sys, tempfile, threading, time

DENIED = """127.0.0.1 127.8.9.10 0.0.0.0 0.9.9.9 10.1.2.3 172.16.0.9 172.31.254.1 192.168.7.7
100.64.1.1 100.127.255.1 169.254.169.254 192.0.0.8 192.0.2.77 198.18.3.3 198.19.255.1 198.51.100.5
203.0.113.9 224.0.0.251 239.1.1.1 240.1.1.1 255.255.255.255 :: ::1 ::ffff:10.0.0.1
::ffff:9.9.9.9 64:ff9b::a00:1 fc00::9 fd12:3456::1 fe80::9 fec0::9 ff02::fb 2001:db8::9
2002:a00:1:: 100::9""".split()
PUBLIC = ["9.9.9.10", "172.32.0.9", "2606:4700::9"]
SERVER = "9.9.9.9"
LINKS = """http://127.0.0.1/ http://127.1/ http://2130706433/ http://0x7f000001/ http://[::1]/
http://[::ffff:127.0.0.1]/ http://localhost/ http://x.localhost/ http://169.254.169.254/latest/
http://10.0.0.1/ http://user@10.0.0.1/ file:///etc/passwd gopher://10.0.0.1/_x dict://10.0.0.1/
ftp://10.0.0.1/ http://inner.example/ http:///10.0.0.1/ http://0/ http://0x7f.1/
http://017700000001/ http://[::]/ http://[fe80::1%25eth0]/ http://[64:ff9b::7f00:1]/
http://LOCALHOST/ http://localhost./ http://example.com@127.0.0.1/ http://127.0.0.1%2f@example.com/
http://example.com\\@127.0.0.1/ http://0300.0250.0.1/ http://192.168.257/ http://4294967296/
http://127.0.0.1. http:/10.0.0.1 http://256.1.1.1/ http://127\u30020\u30020\u30021/
http://\u2460\u2461\u2466.0.0.1/ http://[0:0:0:0:0:ffff:a9fe:a9fe]/""".split()


def enter():
    """Run again as the only program of a network; loud where that is not allowed."""
    if os.geteuid() or subprocess.run(["unshare", "-nm", "true"]).returncode:
        print("SKIPPED: a network of its own needs root", file=sys.stderr)
        sys.exit(77)
    os.environ["IN_ITS_OWN_NETWORK"] = "1"
    os.execvp("unshare", ["unshare", "-nm", sys.executable] + sys.argv)


def hosts(names):
    """What the names mean from now on; the file stays the one that is mounted."""
    with open("/etc/hosts", "w") as f:
        f.write("".join(f"{address} {name}\n" for name, address in names))


def network(names):
    for words in ("link set lo up", "link add d0 type veth peer name d1",
                  "link set d0 addrgenmode none arp off", "link set d1 up",
                  "link set d0 up", f"addr add {SERVER}/32 dev d0",
                  "addr add 2606:4700::1/128 dev d0 nodad", "route add default dev d0",
                  "-6 route add default dev d0"):
        subprocess.run(["ip"] + words.split(), check=True)
    with tempfile.NamedTemporaryFile("w", delete=False) as f:
        os.chmod(f.name, 0o644)
    subprocess.run(["mount", "--bind", f.name, "/etc/hosts"], check=True)
    hosts(names)


def watch(seen):
    """Every address that a first TCP packet was for, or a UDP one that asks no name server."""
    s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
    while True:
        p, at = s.recvfrom(65535)
        if at[1] == 0x0800 and p[9] in (6, 17):
            dst, proto, l4 = p[16:20], p[9], p[(p[0] & 15) * 4:]
        elif at[1] == 0x86DD and p[6] in (6, 17):
            dst, proto, l4 = p[24:40], p[6], p[40:]
        else:
            continue
        port = int.from_bytes(l4[2:4], "big")
        if (port != 53 if proto == 17 else l4[13] & 0x12 == 2):
            seen.add(str(ipaddress.ip_address(dst)))


def serve(links):
    """GET /N: a redirect to link N; robots.txt there is none."""
    s = socket.create_server((SERVER, 80))
    while True:
        c, _ = s.accept()
        with c:
            path = c.recv(65536).split()[1].decode()
            n = path.strip("/")
            head = f"302 Found\r\nLocation: {links[int(n)]}" if n.isdigit() else "404 Not Found"
            c.sendall(f"HTTP/1.1 {head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())


def crawl(program, feeds):
    """Outcome by source, of feeds given as (name, address)."""
    d = tempfile.mkdtemp()
    os.makedirs(d + "/config/sources")
    with open(d + "/config/roletide.yaml", "w") as f:
        f.write("own_sources: true\nfetch: { gap_ms: 1, timeout_s: 1, connect_timeout_s: 1, "
                "stall_s: 1 }\n")
    with open(d + "/config/sources/s.yaml", "w") as f:
        for name, url in feeds:
            f.write(f"- {{ key: 'rss:{name}', adapter: rss, company: C, params: {{ feed: '{url}' }} }}\n")
    r = subprocess.run([program, "--config", d + "/config", "--state", d + "/state", "crawl",
                        "--format", "jsonl"], capture_output=True, text=True, timeout=100)
    return r.returncode, r.stdout, r.stderr


def main():
    if "IN_ITS_OWN_NETWORK" not in os.environ:
        enter()
    denied, public, seen = list(DENIED), list(PUBLIC), set()
    for line in open(os.environ["ROLETIDE_SSRF"]) if "ROLETIDE_SSRF" in os.environ else ():
        cells = line.rstrip("\n").split("\t")
        if not line.startswith("#"):
            (denied if cells[1] == "deny" else public).append(cells[2])
    names = [(f"d{i}.example", a) for i, a in enumerate(denied)]
    names += [(f"p{i}.example", a) for i, a in enumerate(public)]
    names += [("server.example", SERVER), ("inner.example", "10.0.0.1")]
    names += [("turn.example", "9.9.9.12")]
    names += [("both.example", a) for a in ("9.9.9.11", "127.0.0.1", "10.0.0.1")]
    network(names)
    for f, a in ((watch, seen), (serve, LINKS)):
        threading.Thread(target=f, args=(a,), daemon=True).start()
    time.sleep(0.3)
    feeds = [(n.split(".")[0], f"http://{n}/feed") for n, _ in names[:len(denied) + len(public)]]
    feeds += [("both", "http://both.example/feed")]
    feeds += [("turn", "http://turn.example/feed")]
    feeds += [(f"link{i}", f"http://server.example/{i}") for i in range(len(LINKS))]
    status, out, err = crawl(os.path.abspath(sys.argv[1]), feeds)
    for inner in "127.0.0.1", "10.0.0.1", "::ffff:10.0.0.1": # the name turns inwards
        hosts([("turn.example", inner)])
        turned = crawl(os.path.abspath(sys.argv[1]), [("turn", "http://turn.example/feed")])
        if turned[0] != 1 or "its address is not public" not in turned[1]:
            sys.exit(f"turned to {inner}: {turned}")
    time.sleep(0.3)
    allowed = {str(ipaddress.ip_address(a)) for a in public} | {SERVER, "9.9.9.11", "9.9.9.12"}
    bad, missing = seen - allowed, allowed - seen
    lines = [l for l in out.splitlines() if l.startswith("{")]
    print(f"{len(lines)} sources, exit {status}; packets for {len(seen)} addresses; "
          f"denied but sent: {sorted(bad)}; public but not sent: {sorted(missing)}")
    if bad or missing or len(lines) != len(feeds) or status != 1:
        print(out[-3000:], err[-2000:], file=sys.stderr)
        sys.exit(1)


main()
