// A document quotes an example by a comment with the file's name above a block of code:
//
//   <!-- examples/one_request.cpp -->
//   ```cpp
//   ...
//   ```
//
// The block must be the file, without the comment the file begins with.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace rondo::test {
namespace {

const std::filesystem::path kRoot = RONDO_SOURCE_DIRECTORY;

struct Quotation {
  std::string file;
  std::string code;
};

std::vector<Quotation> quotations_in(const std::filesystem::path& document) {
  constexpr std::string_view kBefore = "<!-- examples/";
  constexpr std::string_view kBehind = " -->";
  std::vector<Quotation> found;
  std::ifstream text(document);
  for (std::string line; std::getline(text, line);) {
    if (!line.starts_with(kBefore) || !line.ends_with(kBehind)) continue;
    Quotation quotation{line.substr(5, line.size() - 5 - kBehind.size()), ""};
    std::getline(text, line);
    EXPECT_EQ(line, "```cpp") << document << ", below " << quotation.file;
    while (std::getline(text, line) && line != "```") quotation.code += line + "\n";
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
    for (const Quotation& quotation : quotations_in(document)) {
      EXPECT_EQ(quotation.code, without_opening_comment(kRoot / quotation.file))
          << document << " quotes " << quotation.file;
      quoted.insert(quotation.file);
    }
  }
  EXPECT_TRUE(quoted.contains("examples/one_request.cpp")) << "no document shows a first program";
}

}  // namespace
}  // namespace rondo::test
