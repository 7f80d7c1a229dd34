"""nginx with many small files, on a port of its own, as long as a `with` block."""

import socket
import subprocess
import time


class NginxFiles:
    """`count` files below one path; the log has the path of each request, a line each."""

    def __init__(self, directory, count, size=200, workers=1, logs=True):
        self.directory, self.count, self.size, self.workers = directory, count, size, workers
        self.log = directory / "access.log"
        self.logs = logs

    def __enter__(self):
        files = self.directory / "files"
        files.mkdir(parents=True)
        for number in range(self.count):
            (files / f"f{number}.bin").write_bytes(self.content(number))
        self.log.write_text("")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        configuration = self.directory / "nginx.conf"
        configuration.write_text(self._configuration())
        self.process = subprocess.Popen(["nginx", "-p", str(self.directory), "-c", str(configuration), "-e", "error.log"],
                                        stderr=subprocess.DEVNULL)
        self._wait()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def url(self, number):
        return f"http://127.0.0.1:{self.port}/f{number}.bin"

    @staticmethod
    def number(path):
        return int(path[2:].split(".")[0])

    def content(self, number):
        return (f"file {number}\n" * self.size).encode()[: self.size]

    def _wait(self):
        for _ in range(500):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.01)
        raise RuntimeError("nginx does not start: " + (self.directory / "error.log").read_text())

    def _configuration(self):
        return f"""
daemon off; master_process on; pid nginx.pid; worker_processes {self.workers}; user root;
events {{ worker_connections 4096; }}
http {{
  log_format path '$uri'; access_log {f'{self.log} path' if self.logs else 'off'};
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  keepalive_requests 1000000; keepalive_timeout 600; sendfile on; tcp_nodelay on; open_file_cache max=1000;
  server {{ listen 127.0.0.1:{self.port} backlog=4096; root {self.directory}/files; }}
}}
"""
