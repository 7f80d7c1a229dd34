// Each set is a table made at compile time, so encoding is one look-up a byte; what needs none is
// copied in runs.

#include "rondo/proto/percent.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "rondo/base/ascii.hpp"

namespace rondo::proto {
namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";

constexpr std::string_view extra_bytes(PercentSet set) {
  switch (set) {
    case PercentSet::c0_control:
      return "";
    case PercentSet::fragment:
      return " \"<>`";
    case PercentSet::query:
      return " \"#<>";
    case PercentSet::special_query:
      return " \"#<>'";
    case PercentSet::path:
      return " \"#<>?^`{}";
    case PercentSet::userinfo:
      return " \"#<>?^`{}/:;=@[\\]|";
    case PercentSet::component:
      return " \"#<>?^`{}/:;=@[\\]|$%&+,";
    case PercentSet::form:
      return " \"#<>?^`{}/:;=@[\\]|$&+,!'()~%";
  }
  return "";
}

using Table = std::array<bool, 256>;

constexpr Table make_table(PercentSet set) {
  Table table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte) table[byte] = byte < 0x20 || byte > 0x7e;
  for (const char c : extra_bytes(set)) table[static_cast<unsigned char>(c)] = true;
  return table;
}

constexpr std::array<Table, 8> kTables = {
    make_table(PercentSet::c0_control), make_table(PercentSet::fragment),
    make_table(PercentSet::query),      make_table(PercentSet::special_query),
    make_table(PercentSet::path),       make_table(PercentSet::userinfo),
    make_table(PercentSet::component),  make_table(PercentSet::form)};

}  // namespace

void percent_encode(std::string_view text, PercentSet set, std::string& out) {
  const Table& table = kTables[static_cast<std::size_t>(set)];
  const auto is_encoded = [&table](char c) { return table[static_cast<unsigned char>(c)]; };
  while (true) {
    const auto end = std::find_if(text.begin(), text.end(), is_encoded);
    const auto run = static_cast<std::size_t>(end - text.begin());
    out.append(text.substr(0, run));
    if (run == text.size()) return;
    const auto byte = static_cast<unsigned char>(text[run]);
    out.append({'%', kHex[byte >> 4], kHex[byte & 15]});
    text.remove_prefix(run + 1);
  }
}

std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = i + 2 < text.size() && text[i] == '%' ? ascii::hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? ascii::hex_value(text[i + 2]) : -1;
    if (low < 0) {
      out.push_back(text[i]);
      continue;
    }
    out.push_back(static_cast<char>(high << 4 | low));
    i += 2;
  }
  return out;
}

}  // namespace rondo::proto
