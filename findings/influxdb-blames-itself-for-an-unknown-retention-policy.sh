#!/usr/bin/env bash
# Software: InfluxDB 1.6.7~rc0-1+b13 (Debian 12).
# Expected: a write to a retention policy that does not exist is the writer's mistake, as one to a database that does
#           not exist is: a status from 400 to 499, which no writer sends again.
# Seen:     An unknown database is 404, an unknown retention policy of a known one is 500 ("retention policy not
#           found"). A writer that sends again what servers fail at goes on in vain, and keeps what can never be taken.
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null || true; rm -rf "$folder"' EXIT
(cd "$folder" && apt-get -q download "influxdb=1.6.7~rc0-1+b13" >/dev/null && dpkg -x influxdb_*.deb unpacked)

free_port() { python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port=$(free_port)
cat >"$folder/config" <<END
bind-address = "127.0.0.1:$(free_port)"
reporting-disabled = true
[meta]
  dir = "$folder/meta"
[data]
  dir = "$folder/data"
  wal-dir = "$folder/wal"
[http]
  bind-address = "127.0.0.1:$port"
END
"$folder/unpacked/usr/bin/influxd" -config "$folder/config" >"$folder/log" 2>&1 &
server=$!
url=http://127.0.0.1:$port
curl -s --retry 60 --retry-delay 1 --retry-connrefused --max-time 60 "$url/ping"
curl -s -o "$folder/made" --data-urlencode 'q=CREATE DATABASE known' "$url/query"

# write QUERY: the status and the body of a write of one point.
write() { curl -s -w ' %{http_code}' --data-binary 'm value=1' "$url/write?$1" | tr -d '\n'; }
known=$(write 'db=known')
database=$(write 'db=other')
policy=$(write 'db=known&rp=other')
printf 'known database: %s\nunknown database: %s\nunknown retention policy: %s\n' "$known" "$database" "$policy"
[[ $known == *" 204" && $database == *" 404" && $policy == *"retention policy not found"*" 500" ]]
