#!/usr/bin/env bash
# Software: Prometheus 2.42.0+ds-5+deb12u1 (Debian 12).
# Expected: with `scrape_interval: 1s` and one static target, the target is asked within a second of the server's being
#           ready (/-/ready is 200): the interval's place is spread by a hash of the target, within the interval.
# Seen:     The first request comes 5 to 6 seconds after readiness, whatever the interval: discovery hands its targets
#           over by a ticker of 5 s, static ones too, and also for the first time. A short test that starts beside the
#           server, and lasts less than that, is never seen; of one that lasts 6 s there is a second at most.
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null || true; rm -rf "$folder"' EXIT
(cd "$folder" && apt-get -q download "prometheus=2.42.0+ds-5+deb12u1" >/dev/null && dpkg -x prometheus_*.deb unpacked)

timeout 60 python3 - "$folder" <<'PYTHON' &
import http.server, socket, subprocess, sys, threading, time, urllib.request

folder, asked = sys.argv[1], []

class Target(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        asked.append(time.monotonic())
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.end_headers()
        self.wfile.write(b"# TYPE up_to_now gauge\nup_to_now 1\n")

    def log_message(self, *_):
        pass

target = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Target)
threading.Thread(target=target.serve_forever, daemon=True).start()
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
with open(f"{folder}/config.yml", "w") as config:
    config.write("global: { scrape_interval: 1s, scrape_timeout: 1s }\n"
                 f"scrape_configs: [ {{ job_name: t, static_configs: [ {{ targets: ['127.0.0.1:{target.server_port}'] }} ] }} ]\n")
prometheus = subprocess.Popen(
    [f"{folder}/unpacked/usr/bin/prometheus", f"--config.file={folder}/config.yml", f"--storage.tsdb.path={folder}/data",
     f"--web.listen-address=127.0.0.1:{port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    ready, limit = None, time.monotonic() + 30
    while ready is None and time.monotonic() < limit:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready", timeout=1).close()
            ready = time.monotonic()
        except OSError:
            time.sleep(0.05)
    while len(asked) < 3 and time.monotonic() < limit:
        time.sleep(0.05)
finally:
    prometheus.terminate()
    prometheus.wait()
first = asked[0] - ready
print(f"first scrape {first:.1f} s after readiness, the next ones {asked[1] - asked[0]:.1f} s and {asked[2] - asked[1]:.1f} s later")
sys.exit(0 if first > 3 and asked[2] - asked[1] < 2 else 1)
PYTHON
server=$!
if wait "$server"; then server=; else server=; echo "not as described any more: the first scrape comes within the interval"; exit 1; fi
