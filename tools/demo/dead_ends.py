"""What a client cannot get past: a DNS server that knows no name, and a port that nobody listens on."""

import socket
import threading

RESPONSE = 0x8180  # a response, recursion desired and available
NO_SUCH_NAME = 3


class DeadEnds:
    """Both on loopback, from the construction on until the end of the process."""

    def __init__(self):
        self._names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._names.bind(("127.0.0.1", 0))
        self.dns_server = "127.0.0.1:%d" % self._names.getsockname()[1]
        # Bound and not listening: the port refuses connections, and nobody else can take it.
        self._refusing = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._refusing.bind(("127.0.0.1", 0))
        self.refusing_port = self._refusing.getsockname()[1]
        threading.Thread(target=self._answer, daemon=True).start()

    def _answer(self):
        while True:
            query, sender = self._names.recvfrom(4096)
            if len(query) > 12:
                self._names.sendto(no_such_name(query), sender)


def no_such_name(query):
    """The answer to a DNS query (RFC 1035 §4.1): its number and its question, and that there is no such name."""
    name_end = query.index(0, 12)
    flags = RESPONSE | NO_SUCH_NAME
    counts = (1).to_bytes(2, "big") + bytes(6)
    return query[:2] + flags.to_bytes(2, "big") + counts + query[12:name_end + 5]
