// A document quotes an example by a comment with the file's name above a block of code:
//
//   <!-- examples/one_request.cpp -->
//   ```cpp
//   ...
//   ```
//
// The block must be the file, without the comment the file begins with. What a program prints is
// quoted in the same way, below "output of examples/one_request.cpp" and as "text": it must be what
// the program prints, but for ages, and for the port of the server that it is given.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/examples/example_program.hpp"

namespace rondo::test {
namespace {

const std::filesystem::path kRoot = RONDO_SOURCE_DIRECTORY;

struct Quotation {
  std::string file;
  std::string text;
};

/// The blocks in `language` below a comment that begins with `opening` and the name of an example.
std::vector<Quotation> quotations_in(const std::filesystem::path& document,
                                     const std::string& opening, const std::string& language) {
  const std::string before = "<!-- " + opening + "examples/";
  constexpr std::string_view kBehind = " -->";
  std::vector<Quotation> found;
  std::ifstream text(document);
  for (std::string line; std::getline(text, line);) {
    if (!line.starts_with(before) || !line.ends_with(kBehind)) continue;
    const std::size_t begin = before.size() - std::string_view("examples/").size();
    Quotation quotation{line.substr(begin, line.size() - begin - kBehind.size()), ""};
    std::getline(text, line);
    EXPECT_EQ(line, "```" + language) << document << ", below " << quotation.file;
    while (std::getline(text, line) && line != "```") quotation.text += line + "\n";
    found.push_back(std::move(quotation));
  }
  return found;
}

std::string without_opening_comment(const std::filesystem::path& file) {
  std::ifstream text(file);
  EXPECT_TRUE(text) << file;
  std::string code;
  for (std::string line; std::getline(text, line);) {
    if (code.empty() && (line.empty() || line.starts_with("//"))) continue;
    code += line + "\n";
  }
  return code;
}

std::vector<std::filesystem::path> documents() {
  std::vector<std::filesystem::path> found;
  for (const auto& directory : {kRoot, kRoot / "docs"}) {
    if (!std::filesystem::exists(directory)) continue;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
      if (entry.path().extension() == ".md") found.push_back(entry.path());
    }
  }
  return found;
}

TEST(Quotations, AreTheExamplesThemselves) {
  std::set<std::string> quoted;
  for (const auto& document : documents()) {
    for (const Quotation& quotation : quotations_in(document, "", "cpp")) {
      EXPECT_EQ(quotation.text, without_opening_comment(kRoot / quotation.file))
          << document << " quotes " << quotation.file;
      quoted.insert(quotation.file);
    }
  }
  EXPECT_TRUE(quoted.contains("examples/one_request.cpp")) << "no document shows a first program";
}

/// What the program prints, as if its server listened on port 8080 and everything took no time.
std::string output_at_port_8080(const std::filesystem::path& file) {
  const std::string url = url_of_nginx("/files/1048576.txt");
  const std::string authority = url.substr(7, url.find('/', 7) - 7);
  const std::string output = run_example(file.stem(), {url}).output;
  const std::string at_8080 =
      std::regex_replace(output, std::regex(authority), std::string("127.0.0.1:8080"));
  return std::regex_replace(at_8080, std::regex("[0-9]+\\.[0-9] s ago"), "0.0 s ago");
}

TEST(Quotations, OfOutputAreWhatTheExamplesPrint) {
  std::set<std::string> quoted;
  for (const auto& document : documents()) {
    for (const Quotation& quotation : quotations_in(document, "output of ", "text")) {
      EXPECT_EQ(quotation.text, output_at_port_8080(quotation.file))
          << document << " quotes the output of " << quotation.file;
      quoted.insert(quotation.file);
    }
  }
  EXPECT_EQ(quoted.size(), 8U) << "docs/event-loop-is-closed.md shows what each program prints";
}

}  // namespace
}  // namespace rondo::test
