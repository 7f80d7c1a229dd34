#pragma once
// What may be handed over as a temporary in an awaiting expression.

#include <type_traits>

namespace rondo::detail {

/// Closures that capture something look like this; few other classes do.
template <class T>
inline constexpr bool looks_like_closure =
    std::is_class_v<T> && !std::is_default_constructible_v<T> && !std::is_move_assignable_v<T>;

/// Whether `T`, deduced from a forwarding reference, can be a temporary in an awaiting expression.
/// GCC 12 destroys an aggregate or a closure there twice (docs/design.md §10), which does no harm
/// to one that owns nothing.
template <class T>
inline constexpr bool is_safe_in_await =
    std::is_lvalue_reference_v<T> || std::is_trivially_destructible_v<T> ||
    !(std::is_aggregate_v<T> || looks_like_closure<T>);

}  // namespace rondo::detail
