# For the scripts beside this file: where peers live, free ports, skipping, starting and waiting.
set -euo pipefail
peers=${PERIGEE_PEERS:-$HOME/.cache/perigee/peers}

# skip REASON...: this peer cannot be had, which skips its test and fails nothing.
skip() {
  echo "skipped: $*" >&2
  exit 77
}

# set_up FOLDER NAME COMMAND...: fills the folder by the command, which installs what NAME says: once, whoever else tries
# at the same time, and from the start if it was broken off.
set_up() {
  local folder=$1 name=$2; shift 2
  mkdir -p "$peers"
  exec 9>"$folder.lock"
  flock 9
  [ ! -f "$folder/ready" ] || return 0
  rm -rf "$folder"
  echo "installing $name into $folder" >&2
  "$@" >"$folder.log" 2>&1 </dev/null || {
    tail -3 "$folder.log" >&2
    skip "$name could not be installed, see $folder.log"
  }
  touch "$folder/ready"
}

# python_environment FOLDER ARGUMENT...: makes a virtual environment of Python and lets its pip install with these
# arguments.
python_environment() {
  local folder=$1 python; shift
  for python in python3 /usr/bin/python3; do
    "$python" -c 'import ensurepip, venv' 2>/dev/null && break
    python=
  done
  [ -n "$python" ] || { echo "this needs Python with venv: apt-get install python3-venv"; return 1; }
  "$python" -m venv "$folder" && "$folder/bin/pip" install -q "$@"
}

# A port nobody listens on at the moment.
free_port() {
  local port
  for _ in {1..100}; do
    port=$((20000 + RANDOM % 12000))
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo $port; return; }
  done
  return 1
}

# certify FOLDER NAME SUBJECT ARGUMENT...: makes NAME.key and its certificate NAME.pem, signed by itself unless the
# arguments, which are openssl's, name an authority.
certify() {
  local folder=$1 name=$2 subject=$3; shift 3
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$subject" \
    -keyout "$folder/$name.key" -out "$folder/$name.pem" "$@" 2>"$folder/openssl.log"
}

# start LOG COMMAND...: starts a server that ends when this script does; its process id is $server.
start() {
  local log=$1; shift
  : >"$log"
  setpriv --pdeathsig TERM "$@" >"$log" 2>&1 </dev/null &
  server=$!
}

# await LOG TEXT SECONDS: waits until the server has written TEXT, or shows what it wrote instead.
await() {
  timeout "$3" grep -q -m1 -F -- "$2" <(tail -n +1 -f --pid="$server" "$1" 2>/dev/null) && return
  echo "the server did not say \"$2\":" >&2
  tail -20 "$1" >&2
  return 1
}

stop() { kill "$server" 2>/dev/null && wait "$server" 2>/dev/null || true; }
