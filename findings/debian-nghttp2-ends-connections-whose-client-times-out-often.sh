#!/usr/bin/env bash
# Software: nghttp2 1.52.0-1+deb12u3 (Debian 12: libnghttp2-14, and nghttpd of nghttp2-server), Python's h2 4.3.0 (PyPI).
# Expected: nghttp2 limits how often a client may reset streams since 1.57.0, so 1.52.0 has no such limit; and a client
#           whose own time-outs cancel requests (a load generator, a proxy with deadlines) keeps its connection, however
#           many it has cancelled over the connection's life.
# Seen:     Debian has backported the limit with its defaults: 1000 at once and then 33 a second. The reset behind these
#           is answered with GOAWAY, whose code is INTERNAL_ERROR and whose debug data are empty, and the connection
#           ends with all the streams on it. A server that uses the library must raise the limit by an option that the
#           version's own documentation does not have.
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null || true; rm -rf "$folder"' EXIT
for package in libnghttp2-14 nghttp2-server; do
  (cd "$folder" && apt-get -q download "$package=1.52.0-1+deb12u3" >/dev/null && dpkg -x "$package"_*.deb unpacked)
done
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q h2==4.3.0
mkdir "$folder/html"
echo hello >"$folder/html/file"
port=$(python3 -c 'import socket; print(socket.create_server(("127.0.0.1", 0)).getsockname()[1])')
LD_LIBRARY_PATH=$(echo "$folder"/unpacked/usr/lib/*-linux-gnu) "$folder/unpacked/usr/sbin/nghttpd" \
  -v -a 127.0.0.1 -d "$folder/html" --no-tls "$port" >"$folder/log" 2>&1 &
server=$!
for _ in {1..100}; do grep -qs 'listen 127.0.0.1' "$folder/log" && break; sleep 0.1; done

timeout 60 "$folder/venv/bin/python" - "$port" <<'END'
import socket, sys
import h2.config, h2.connection, h2.events

connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
peer = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
peer.settimeout(0.2)
connection.initiate_connection()
peer.sendall(connection.data_to_send())
cancelled, end, debug = 0, None, None

def read():
    global end, debug
    try:
        data = peer.recv(65536)
    except TimeoutError:
        return
    for event in connection.receive_data(data) if data else []:
        if isinstance(event, h2.events.ConnectionTerminated):
            end, debug = event.error_code, event.additional_data

while cancelled < 1200 and end is None:
    for _ in range(50):  # requests that their client gives up, as with a short deadline
        stream = connection.get_next_available_stream_id()
        connection.send_headers(stream, [(":method", "GET"), (":path", "/file"), (":scheme", "http"),
                                         (":authority", "localhost")], end_stream=True)
        connection.reset_stream(stream, 8)  # CANCEL
        cancelled += 1
    peer.sendall(connection.data_to_send())
    read()
for _ in range(10):
    if end is None:
        read()
print("cancelled:", cancelled, "GOAWAY:", end and repr(end), "debug data:", debug)
assert end is not None, "changed: the connection goes on"
assert cancelled > 1000, "changed: it ends before 1000"
assert int(end) == 2 and not debug, "changed: another code, or a reason is given"
END
