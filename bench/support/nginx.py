"""nginx as the server under load: answers every path with a small JSON body and counts requests.

It speaks HTTP/1.1, in clear text and over TLS, on a port each.
"""
import contextlib
import pathlib
import re
import subprocess
import tempfile
import urllib.request

from support import processes

ANSWER = '{"model_name":"iris","outputs":[{"data":[2,0,1,4]}]}'
CERTIFICATE = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
               "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
               "-addext", "subjectAltName=IP:127.0.0.1"]
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
    listen 127.0.0.1:{tls_port} ssl backlog=4096;
    ssl_certificate {folder}/cert.pem;
    ssl_certificate_key {folder}/key.pem;
    location / {{ return 200 '{answer}'; }}
    location = /bytes/50 {{ return 200 "{fifty}"; }}
    location = /status {{ stub_status; }}
  }}
}}
"""


class Nginx:
    def __init__(self, pid, port, tls_port):
        self.pid = pid
        self.url = f"http://127.0.0.1:{port}"
        self.tls_url = f"https://127.0.0.1:{tls_port}"

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
    port, tls_port = processes.free_port(), processes.free_port()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*CERTIFICATE, "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"],
                       check=True, capture_output=True)
        conf = pathlib.Path(folder, "nginx.conf")
        conf.write_text(CONF.format(folder=folder, port=port, tls_port=tls_port, answer=ANSWER,
                                    fifty="x" * 50))
        command = [program, "-p", folder, "-c", conf, "-e", f"{folder}/error.log"]
        with processes.running(command, processes.SERVER_CPU) as process:
            processes.wait_until_listening(port)
            yield Nginx(process.pid, port, tls_port)
