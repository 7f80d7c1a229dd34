import unittest

import budgets
from cpp_functions import functions
from sample import findings


def function_of(lines):
    return "int f() {\n" + "  g();\n" * (lines - 2) + "}\n"


class Budgets(unittest.TestCase):
    def test_finds_a_long_header_and_a_long_source(self):
        self.assertEqual(findings(budgets, {"a.hpp": "\n" * 300, "a.cpp": "\n" * 500}), [])
        self.assertEqual(len(findings(budgets, {"a.hpp": "\n" * 301, "a.cpp": "\n" * 501})), 2)

    def test_finds_a_long_function(self):
        self.assertEqual(findings(budgets, {"a.cpp": function_of(60)}), [])
        self.assertEqual(findings(budgets, {"a.cpp": function_of(61)}), ["a.cpp:1: f has 61 lines, of 60"])

    def test_grants_exceptions(self):
        files = {"a.cpp": function_of(70), "b.hpp": "\n" * 310,
                 budgets.EXCEPTIONS: "a.cpp:f 70  # a reason\nb.hpp 310\n"}
        self.assertEqual(findings(budgets, files), [])


class CppFunctions(unittest.TestCase):
    def names(self, text):
        return [(function.name, function.lines) for function in functions(text)]

    def test_sees_functions_in_namespaces_and_classes(self):
        self.assertEqual(self.names("""
            namespace a::b {
            template <class T, class U = std::vector<T>>
              requires std::is_same_v<T, U>
            struct [[nodiscard]] X final : Y<decltype(f())> {
             public:
              X(int a) : a_{a}, b_(2) { g(); }
              bool operator()(int a) const {
                return a == '{';
              }
              int a_{0};
            };
            }
            """), [("X", 1), ("operator()", 3)])

    def test_counts_a_lambda_as_a_part_of_its_function(self):
        self.assertEqual(self.names("int f() {\n auto l = [] {\n return 1;\n };\n return l();\n}\n"), [("f", 6)])

    def test_is_not_misled_by_comments_literals_and_macros(self):
        self.assertEqual(self.names('#define A(x) { \\\n x\nint f() {\n // }\n return "}" + R"(})" + 1\'0;\n}\n'),
                         [("f", 4)])

    def test_does_not_count_tables(self):
        self.assertEqual(self.names("constexpr auto kT = std::to_array<int>({\n1,\n});\nint k[] = {\n1\n};\n"), [])


if __name__ == "__main__":
    unittest.main()
