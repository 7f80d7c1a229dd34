#include "cli/csv_input.hpp"

#include <algorithm>
#include <utility>

#include "rondo/base/ascii.hpp"

#include "cli/json_writer.hpp"

namespace rondo::cli {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// Cuts the first cell off `rest`, with the comma behind it; nothing if a quote is not closed, or
/// something is behind it.
std::optional<std::string> take_cell(std::string_view& rest) {
  if (!rest.starts_with('"')) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    std::string cell(rest.substr(0, comma));
    rest.remove_prefix(comma);
    return cell;
  }
  std::string cell;
  rest.remove_prefix(1);
  while (true) {
    const std::size_t quote = rest.find('"');
    if (quote == std::string_view::npos) return std::nullopt;
    cell += rest.substr(0, quote);
    rest.remove_prefix(quote + 1);
    if (!rest.starts_with('"')) break;
    cell += '"';
    rest.remove_prefix(1);
  }
  if (!rest.empty() && rest.front() != ',') return std::nullopt;
  return cell;
}

/// Nothing for what is no row.
std::optional<std::vector<std::string>> cells_of(std::string_view row) {
  std::vector<std::string> cells;
  while (true) {
    auto cell = take_cell(row);
    if (!cell) return std::nullopt;
    cells.push_back(*std::move(cell));
    if (row.empty()) return cells;
    row.remove_prefix(1);
  }
}

bool is_name(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return ascii::is_alnum(c) || c == '_'; });
}

}  // namespace

std::optional<CsvColumns> CsvColumns::parse(std::string_view line) {
  if (line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  auto cells = cells_of(line);
  if (!cells || !std::all_of(cells->begin(), cells->end(), is_name)) return std::nullopt;
  if (std::find(cells->begin(), cells->end(), "url") == cells->end()) return std::nullopt;
  CsvColumns columns;
  columns.names_ = *std::move(cells);
  return columns;
}

void CsvColumns::to_line(std::string_view row, std::string& out) const {
  out.assign(row);
  const auto cells = cells_of(row);
  if (!cells || cells->size() > names_.size()) return;
  out.clear();
  JsonWriter json(out);
  json.begin_object();
  for (std::size_t i = 0; i < cells->size(); ++i) {
    if ((*cells)[i].empty()) continue;
    json.key(names_[i]);
    json.string((*cells)[i]);
  }
  json.end_object();
}

}  // namespace rondo::cli
