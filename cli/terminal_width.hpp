#pragma once
// How many columns of a terminal a text takes, and how it is made to fit.

#include <cstddef>
#include <string>
#include <string_view>

namespace rondo::cli {

/// The columns of `text`, which is `printable`: two for wide characters, none for those that
/// combine with the one before.
[[nodiscard]] std::size_t columns_of(std::string_view text);

/// `text`, cut at its end so that it takes `columns` at most; "..." says that it was cut.
[[nodiscard]] std::string cut_end(std::string_view text, std::size_t columns);

/// The same, but what is cut is in the middle: both ends of a URL say something.
[[nodiscard]] std::string cut_middle(std::string_view text, std::size_t columns);

}  // namespace rondo::cli
