#pragma once
// Text that a signal handler can put together: no allocation, no locale, no lock.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <source_location>
#include <string_view>

namespace rondo::detail {

/// What does not fit is left out.
class SignalText {
 public:
  SignalText& operator<<(char c) noexcept {
    if (size_ < buffer_.size()) buffer_[size_++] = c;
    return *this;
  }

  SignalText& operator<<(std::string_view text) noexcept {
    for (const char c : text) *this << c;
    return *this;
  }

  SignalText& operator<<(std::uint64_t number) noexcept {
    std::array<char, 20> digits{};
    std::size_t count = 0;
    do {
      digits[count++] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number > 0);
    while (count > 0) *this << digits[--count];
    return *this;
  }

  /// "12.3 s".
  SignalText& operator<<(std::chrono::milliseconds time) noexcept {
    const auto tenths = static_cast<std::uint64_t>(time.count() / 100);
    return *this << tenths / 10 << '.' << tenths % 10 << " s";
  }

  /// "main.cpp:42".
  SignalText& operator<<(const std::source_location& site) noexcept {
    const std::string_view file = site.file_name();
    const auto slash = file.rfind('/');
    *this << (slash == std::string_view::npos ? file : file.substr(slash + 1)) << ':';
    return *this << std::uint64_t{site.line()};
  }

  [[nodiscard]] std::string_view view() const noexcept { return {buffer_.data(), size_}; }

 private:
  std::array<char, 4096> buffer_{};
  std::size_t size_ = 0;
};

}  // namespace rondo::detail
