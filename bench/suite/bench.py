"""What a run of scenarios shares: the programs, the server that is started when somebody wants it, and the options."""

import sys
import tempfile
from pathlib import Path

from suite.peers import all_peers
from suite.servers import Nginx


class Bench:
    def __init__(self, build, seconds, rounds, only=()):
        self.build, self.seconds, self.peers = Path(build), seconds, all_peers(build)
        self._rounds, self._only, self._nginx, self._directory = rounds, only, None, None

    def program(self, name):
        return str(self.build / name)

    def rounds(self, scenario):
        return self._rounds or scenario.rounds

    def peers_of(self, scenario):
        """Those that are installed; the others are named once a scenario."""
        wanted = [self.peers[name] for name in scenario.peers if not self._only or name in self._only]
        for peer in wanted:
            if not peer.is_there():
                print(f"bench: {scenario.name}: {peer.title} is not there", file=sys.stderr)
        return [peer for peer in wanted if peer.is_there()]

    def nginx(self):
        if self._nginx is None:
            self._directory = tempfile.TemporaryDirectory()
            self._nginx = Nginx(Path(self._directory.name))
        return self._nginx

    def say(self, words):
        print(words, file=sys.stderr, flush=True)

    def close(self):
        if self._nginx is not None:
            self._nginx.close()
        if self._directory is not None:
            self._directory.cleanup()
