import unittest

import public_headers
from sample import BASE_CMAKE, findings


class PublicHeaders(unittest.TestCase):
    def complaints(self, line, name="rondo/base/public.hpp"):
        return findings(public_headers, {"rondo/base/CMakeLists.txt": BASE_CMAKE, name: line + "\n"})

    def test_finds_an_operating_system_header(self):
        self.assertEqual(self.complaints("#include <sys/socket.h>"), [
            "rondo/base/public.hpp:1: sys/socket.h: an operating-system header in a public header"])

    def test_finds_a_third_party_header(self):
        self.assertTrue(self.complaints("#include <fmt/format.h>"))

    def test_finds_a_header_that_is_not_installed(self):
        self.assertTrue(self.complaints('#include "rondo/base/private.hpp"'))

    def test_accepts_the_standard_library_and_public_headers(self):
        self.assertEqual(self.complaints('#include <string>\n#include "rondo/base/public.hpp"'), [])

    def test_leaves_private_headers_alone(self):
        self.assertEqual(self.complaints("#include <sys/socket.h>", name="rondo/base/private.hpp"), [])


if __name__ == "__main__":
    unittest.main()
