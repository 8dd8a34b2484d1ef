"""nginx as the server under load: answers every path with a small JSON body and counts requests."""
import contextlib
import pathlib
import re
import tempfile
import urllib.request

from support import processes

ANSWER = '{"model_name":"iris","outputs":[{"data":[2,0,1,4]}]}'
CONF = """
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  default_type application/json;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{ return 200 '{answer}'; }}
    location = /bytes/50 {{ return 200 "{fifty}"; }}
    location = /status {{ stub_status; }}
  }}
}}
"""


class Nginx:
    def __init__(self, pid, port):
        self.pid = pid
        self.url = f"http://127.0.0.1:{port}"

    def status(self):
        return urllib.request.urlopen(f"{self.url}/status", timeout=30).read().decode()

    def requests(self):
        """How many requests have arrived so far, this one included."""
        return int(re.search(r"(\d+) (\d+) (\d+)\s*\nReading", self.status())[3])

    def connections(self):
        return int(re.search(r"Active connections: (\d+)", self.status())[1]) - 1


def find():
    return processes.find("nginx", "apt-get install nginx-light")


@contextlib.contextmanager
def serving(program):
    port = processes.free_port()
    with tempfile.TemporaryDirectory() as folder:
        conf = pathlib.Path(folder, "nginx.conf")
        conf.write_text(CONF.format(folder=folder, port=port, answer=ANSWER, fifty="x" * 50))
        command = [program, "-p", folder, "-c", conf, "-e", f"{folder}/error.log"]
        with processes.running(command, processes.SERVER_CPU) as process:
            processes.wait_until_listening(port)
            yield Nginx(process.pid, port)
