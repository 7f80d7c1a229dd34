// The names of functions, as GCC and Clang spell them.

#include "rondo/runtime/source_site.hpp"

#include <gtest/gtest.h>

#include "rondo/runtime/task.hpp"

namespace rondo::detail {
namespace {

TEST(ShortFunctionName, HasNeitherTypesNorParameters) {
  EXPECT_EQ(short_function_name("int main()"), "main");
  EXPECT_EQ(short_function_name("rondo::Task<int> my::fetch(std::string, int)"), "my::fetch");
  EXPECT_EQ(short_function_name("Task<X> my::S::member(X) const [with X = double]"),
            "my::S::member");
  EXPECT_EQ(short_function_name("Task<X> my::S::member(X) const [X = double]"), "my::S::member");
  EXPECT_EQ(short_function_name("std::map<int, long>& get<a::b(int)>(const char*)"), "get");
}

TEST(ShortFunctionName, OfACoroutineIsThatOfItsFunctionAlsoWithGcc) {
  EXPECT_EQ(short_function_name("void my::fetch(fetch(std::string, int)::_ZN2my5fetchEi.Frame*)"),
            "my::fetch");
}

TEST(ShortFunctionName, LeavesUnnamedNamespacesOut) {
  EXPECT_EQ(short_function_name("rondo::Task<> my::(anonymous namespace)::fetch(int)"),
            "my::fetch");
  EXPECT_EQ(short_function_name("rondo::Task<> (anonymous namespace)::fetch(int)"), "fetch");
  EXPECT_EQ(short_function_name("rondo::Task<> my::{anonymous}::fetch(int)"), "my::fetch");
}

TEST(ShortFunctionName, OfATemplateIsNotThatOfItsArguments) {
  EXPECT_EQ(
      short_function_name("Task<R> rondo::detail::run(Body) [with Body = main()::<lambda()>]"),
      "rondo::detail::run");
  EXPECT_EQ(short_function_name("void rondo::detail::run(run(main()::<lambda()>)::_ZN.Frame*)"),
            "rondo::detail::run");
}

TEST(ShortFunctionName, OfALambdaIsThatOfWhereItStands) {
  EXPECT_EQ(short_function_name("main()::<lambda(int)>"), "main::lambda");
  EXPECT_EQ(short_function_name(
                "void my::go(int)::<lambda(int)>::operator()(my::go(int)::<lambda(int)>::Frame*)"),
            "my::go::lambda");
  EXPECT_EQ(short_function_name("auto my::go(int)::(anonymous class)::operator()(int) const"),
            "my::go::lambda");
}

TEST(ShortFunctionName, OfWhatThisCompilerSays) {
  const auto here = std::source_location::current();
  EXPECT_NE(function_of(here).find("OfWhatThisCompilerSays"), std::string::npos);
  EXPECT_EQ(function_of(here).find('('), std::string::npos);
}

}  // namespace
}  // namespace rondo::detail
