#pragma once
// Text of servers and input files, made safe to put into a page.

#include <string>
#include <string_view>

namespace rondo::cli {

/// `text` as the content of an element or of an attribute in double quotes: what is not `printable`
/// becomes \xNN, and nothing in it is markup.
[[nodiscard]] std::string html_text(std::string_view text);

}  // namespace rondo::cli
