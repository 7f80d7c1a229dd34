#pragma once
// Objects whose memory goes round within a thread: what one leaves behind, strings and lists with
// their room, the next begins with.

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace rondo {

/// False under AddressSanitizer: it finds what is used after its end only where memory is given
/// back.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kRecyclesMemory = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool kRecyclesMemory = false;
#else
inline constexpr bool kRecyclesMemory = true;
#endif
#else
inline constexpr bool kRecyclesMemory = true;
#endif

namespace detail {

/// The objects of a thread that are not in use.
template <class T>
class Spares {
 public:
  Spares() noexcept = default;
  Spares(const Spares&) = delete;
  Spares& operator=(const Spares&) = delete;
  ~Spares() {
    while (size_ > 0) delete spares_[--size_];
    room_ = 0;  // what ends later, with static objects, is not kept
  }

  T* take() { return size_ > 0 ? spares_[--size_] : new T(); }

  void give_back(T* object) noexcept {
    object->clear();
    if (size_ == room_) [[unlikely]]
      return discard(object);
    spares_[size_++] = object;
  }

  static Spares& of_thread() noexcept {
    static thread_local Spares spares;
    return spares;
  }

 private:
  static constexpr std::size_t kMaxKept = 128;

  // Elsewhere, as few need it: the usual way is inlined in many places.
  [[gnu::noinline]] static void discard(T* object) noexcept { delete object; }

  std::array<T*, kMaxKept> spares_{};
  std::size_t size_ = 0;
  std::size_t room_ = kRecyclesMemory ? kMaxKept : 0;
};

}  // namespace detail

/// Puts an object among the spare ones of the thread that lets go of it.
template <class T>
struct Recycle {
  void operator()(T* object) const noexcept { detail::Spares<T>::of_thread().give_back(object); }
};

/// Owns a `T`, whose `clear()` lets go of all that it holds but memory, and does not throw.
template <class T>
using RecycledPtr = std::unique_ptr<T, Recycle<T>>;

/// A `T` that is new, or as its `clear()` has left it.
template <class T>
[[nodiscard]] RecycledPtr<T> make_recycled() {
  return RecycledPtr<T>(detail::Spares<T>::of_thread().take());
}

/// Heads and URLs are mostly smaller; the memory of a larger one does not go round.
inline constexpr std::size_t kMostRecycled = std::size_t{4} * 1024;

/// Frees the memory that `object` has. An empty object that is assigned would leave it there.
template <class T>
[[gnu::noinline]] void free_memory(T& object) noexcept {
  T().swap(object);
}

/// A text whose memory goes round, unless that is large.
struct RecycledText {
  std::string text;

  /// See `RecycledPtr`.
  void clear() noexcept {
    if (text.capacity() > kMostRecycled) [[unlikely]]
      free_memory(text);
  }
};

/// Makes a text of a recycled object, which mostly says so already, say `what`.
inline void reassign(std::string& text, std::string_view what) {
  if (text != what) text = what;
}

}  // namespace rondo
