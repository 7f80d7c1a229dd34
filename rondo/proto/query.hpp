#pragma once
// application/x-www-form-urlencoded (URL Standard §5): query parameters and the bodies of forms.

#include <string>

#include "rondo/proto/fields.hpp"

namespace rondo::proto {

/// Appends `fields` as "name=value" pairs joined by '&' to `out`, as a browser's URLSearchParams
/// writes them: a space is '+', all but letters, digits and "*-._" is %XX. Names and values are
/// taken byte for byte, so text has to be UTF-8.
void append_form_urlencoded(const Fields& fields, std::string& out);

/// `fields` in a string of their own: the body of a form.
[[nodiscard]] std::string form_urlencoded(const Fields& fields);

}  // namespace rondo::proto
