"""The network namespace that is measured in."""

import subprocess
import sys
import tempfile
import unittest

from suite import network

SHOW = """
import socket
from suite import network
network.enter_own()
with socket.create_server(("127.0.0.1", 0)) as server:
    socket.create_connection(server.getsockname(), timeout=10).close()
print([name for _, name in socket.if_nameindex() if name != "lo"])
print(network.description())
"""


def show(before=""):
    # A file and not "-c", as the program is begun again by its name.
    with tempfile.NamedTemporaryFile("w", suffix=".py") as program:
        program.write(before + SHOW)
        program.flush()
        return subprocess.run([sys.executable, program.name], capture_output=True, text=True, timeout=30)


class OwnNetwork(unittest.TestCase):
    def test_it_is_loopback_alone_with_the_default_congestion_control(self):
        if not network.succeeds(["unshare", "--user", "--map-root-user", "--net", "true"]):
            self.skipTest("no network namespaces are allowed here")
        shown = show()
        interfaces, description = shown.stdout.splitlines()
        self.assertEqual(interfaces, "[]")
        self.assertIn(description, [f"loopback, in a namespace of its own; TCP with {name}" for name in network.DEFAULTS])
        self.assertEqual(shown.stderr, "")

    def test_where_it_is_not_allowed_the_machine_s_will_do(self):
        shown = show("import os; os.environ['PATH'] = ''\n")
        self.assertIn("loopback, the machine's; TCP with", shown.stdout)
        self.assertIn("measuring on the machine's", shown.stderr)


if __name__ == "__main__":
    unittest.main()
