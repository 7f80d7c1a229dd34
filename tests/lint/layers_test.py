import unittest

import layers
from sample import BASE_CMAKE, findings


class Layers(unittest.TestCase):
    def complaints(self, name, line, **more):
        return findings(layers, {"rondo/base/CMakeLists.txt": BASE_CMAKE, name: line + "\n", **more})

    def test_finds_an_include_that_goes_up(self):
        found = self.complaints("rondo/base/a.cpp", '#include "rondo/runtime/task.hpp"')
        self.assertEqual(found, ['rondo/base/a.cpp:1: "rondo/runtime/task.hpp": base may not include runtime'])

    def test_finds_an_include_of_a_layer_beside(self):
        self.assertTrue(self.complaints("rondo/dns/a.cpp", '#include "rondo/tls/stream.hpp"'))

    def test_finds_the_library_including_testing(self):
        self.assertTrue(self.complaints("rondo/http/a.cpp", '#include "rondo/testing/server.hpp"'))

    def test_finds_a_foreign_library(self):
        self.assertTrue(self.complaints("rondo/net/a.cpp", "#include <openssl/ssl.h>"))

    def test_finds_a_third_party_header_in_a_private_header(self):
        self.assertTrue(self.complaints("rondo/tls/a.hpp", "#include <openssl/ssl.h>"))

    def test_finds_a_header_that_nobody_knows(self):
        self.assertTrue(self.complaints("rondo/net/a.cpp", "#include <magic.h>"))

    def test_finds_an_include_that_is_not_from_the_root(self):
        self.assertTrue(self.complaints("rondo/net/a.cpp", '#include "socket.hpp"'))

    def test_finds_the_command_using_a_private_header(self):
        self.assertTrue(self.complaints("cli/a.cpp", '#include "rondo/base/private.hpp"'))
        self.assertTrue(self.complaints("examples/a.cpp", '#include "rondo/base/private.hpp"'))

    def test_accepts_what_goes_down(self):
        for name, line in [
                ("rondo/base/a.cpp", "#include <fmt/format.h>"),
                ("rondo/runtime/a.cpp", "#include <sys/epoll.h>"),
                ("rondo/http/a.cpp", '#include "rondo/proto/url.hpp"'),
                ("rondo/testing/a.cpp", '#include "rondo/http/session.hpp"'),
                ("rondo/http/json.hpp", "#include <nlohmann/json.hpp>"),
                ("cli/a.cpp", '#include "rondo/base/public.hpp"'),
                ("cli/a.cpp", "#include <CLI/CLI.hpp>"),
                ("examples/a.cpp", '#include "rondo/rondo.hpp"')]:
            self.assertEqual(self.complaints(name, line), [])


if __name__ == "__main__":
    unittest.main()
