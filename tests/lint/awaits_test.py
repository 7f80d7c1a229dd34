import unittest

import awaits
from sample import findings

AROUND = "Task<int> f(int x) {{\n  int y = x ? 1 : 2;\n  if (x && y) {{ g(); }}\n  {}\n  y = x ? 1 : 2;\n}}\n"

MISCOMPILED = [
    "if (co_await f()) g();",
    "if (x == co_await f(a(b))) { g(); }",
    "if (a && !(b || co_await f())) g();",
    "do { g(); } while (!co_await f());",
    "switch (co_await f()) { default: g(); }",
    "co_return c ? co_await f() : co_await g();",
    "while (more && co_await f()) g();",
    "r = more && co_await f();",
    "const int r = more && co_await f();",
    "if ((no ? co_await f() : 0) == 1) r = 1;",
    "const bool r = use(more && co_await f());",
    "if (use(no && co_await f())) r = 1;",
    "use(x ||\n      co_await f());",
    "run([&]() -> Task<> { co_await use(a || co_await b()); });",
    'co_await f(c ? Text("a") : Text("b"));',
    "std::string q = co_await f() ? a() : b();",
    "Pair x{.a = co_await s(), .n = 1};",
    "Pair x = {co_await s()};",
    "use(Pair{co_await s(), 1});",
    "co_return Pair{.a = 1,\n      .b = co_await s()};",
    "throw std::runtime_error(co_await s());",
    "auto* p = new Text(co_await s());",
]

RIGHT = [
    "co_return co_await f();",
    "auto&& x = co_await f();",
    "for (auto&& x : co_await f()) g(x ? 1 : 2);",
    "if (a && b) co_await f();",
    "if (a) { co_await f(); } else { co_await g(); }",
    "while (a && b) { co_await f(); }",
    "do { co_await f(); } while (a && b);",
    "try { co_await f(); } catch (...) { x = y ? 1 : 2; }",
    "switch (x) { case 1: { co_await f(); } }",
    "auto t = [&] { co_await f(); };",
    "run([](std::string a) -> Task<> { co_await f(std::move(a)); }, x ? 1 : 2);",
    "co_await with_x([&](X& x) -> Task<> { if (a && b) c(); co_await d(); });",
    "co_await f({.a = 1, .b = x});",
    "x = co_await f() && y;",
    "if (const int x = co_await f()) g(x);",
    "while (Text* x = co_await f()) g(x);",
    "const bool both = !a.empty() || co_await f();",
    "EXPECT_EQ(co_await f(), x == 1 ? kOne : 0);",
    "co_return co_await f() ? 1 : 2;",
    "// c ? co_await f() : co_await g();",
]


class Awaits(unittest.TestCase):
    def test_finds_what_gcc_12_miscompiles(self):
        for statement in MISCOMPILED:
            with self.subTest(statement):
                self.assertTrue(findings(awaits, {"a.cpp": AROUND.format(statement)}))

    def test_accepts_what_it_compiles(self):
        for statement in RIGHT:
            with self.subTest(statement):
                self.assertEqual(findings(awaits, {"a.cpp": AROUND.format(statement)}), [])


if __name__ == "__main__":
    unittest.main()
