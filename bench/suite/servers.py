"""The servers: nginx with one worker and no logs, and the echo server. Each is pinned to the servers' core."""

import contextlib
import http.client
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

from suite import process_costs
from suite.cores import SERVER_CORE, pinned

sys.path.append(str(Path(__file__).resolve().parents[2] / "tools" / "demo"))
import certificates  # noqa: E402

SIZES = {"128": 128, "64k": 64 << 10, "1m": 1 << 20, "100m": 100 << 20}

NGINX = """
daemon off; master_process off; worker_processes 1;
pid {dir}/nginx.pid; error_log {dir}/error.log;
events {{ worker_connections 14000; }}
http {{
  access_log off; sendfile on; tcp_nopush on; open_file_cache max=1000; keepalive_requests 1000000000; keepalive_timeout 600s;
  client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/fastcgi;
  uwsgi_temp_path {dir}/uwsgi; scgi_temp_path {dir}/scgi;
  root {dir}/www;
  ssl_certificate {certificate}; ssl_certificate_key {certificate}; ssl_protocols TLSv1.3;
  server {{
    listen 127.0.0.1:{http} backlog=8192;
    location /small/ {{ try_files /128 =404; }}
    location = /status {{ stub_status; }}
  }}
  server {{ listen 127.0.0.1:{https} ssl backlog=8192; }}
  server {{
    listen 127.0.0.1:{handshake_full} ssl backlog=8192;
    keepalive_timeout 0; ssl_session_tickets off; ssl_session_cache none;
  }}
  server {{
    listen 127.0.0.1:{handshake_resumed} ssl backlog=8192;
    keepalive_timeout 0; ssl_session_tickets on; ssl_session_cache shared:resumed:1m;
  }}
}}
"""


def free_ports(count):
    with contextlib.ExitStack() as probes:
        sockets = [probes.enter_context(socket.socket()) for _ in range(count)]
        for probe in sockets:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in sockets]


class Nginx:
    """Its files are `x`, as many as the name says; `/small/N` is the one of 128 bytes, whatever N."""

    def __init__(self, directory):
        self.ca_file, identities = certificates.make(directory)
        names = ["http", "https", "handshake_full", "handshake_resumed"]
        self.ports = dict(zip(names, free_ports(len(names))))
        (directory / "www").mkdir()
        for name, size in SIZES.items():
            (directory / "www" / name).write_bytes(b"x" * size)
        config = directory / "nginx.conf"
        config.write_text(NGINX.format(dir=directory, certificate=identities[0], **self.ports))
        self._status, self._own = http.client.HTTPConnection("127.0.0.1", self.ports["http"], timeout=30), 0
        self.process = subprocess.Popen(["nginx", "-c", str(config), "-p", str(directory)],
                                        preexec_fn=pinned(SERVER_CORE), stderr=subprocess.DEVNULL)
        self._wait_until_it_answers(directory)

    def _wait_until_it_answers(self, directory):
        for _ in range(500):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.ports["http"]), 1):
                return
            time.sleep(0.02)
        self.close()
        sys.exit("bench: nginx does not start: " + (directory / "error.log").read_text())

    def url(self, port_name, path):
        scheme = "http" if port_name == "http" else "https"
        return f"{scheme}://127.0.0.1:{self.ports[port_name]}/{path}"

    def requests(self):
        """How many it has answered, those that ask this not counted."""
        self._own += 1
        self._status.request("GET", "/status")
        text = self._status.getresponse().read().decode()
        return int(re.search(r"^ \d+ \d+ (\d+)", text, re.MULTILINE)[1]) - self._own

    def cpu_seconds(self):
        return process_costs.cpu_seconds(self.process.pid)

    def close(self):
        self._status.close()
        self.process.terminate()
        self.process.wait()


class EchoServer:
    def __init__(self, program):
        self.process = subprocess.Popen([program], preexec_fn=pinned(SERVER_CORE), stdout=subprocess.PIPE, text=True)
        self.url = f"tcp://127.0.0.1:{self.process.stdout.readline().strip()}/"

    def cpu_seconds(self):
        return process_costs.cpu_seconds(self.process.pid)

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
