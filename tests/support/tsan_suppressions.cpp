// Read by ThreadSanitizer alone, which does not see what orders threads in libraries that are not
// built with it.
//
// libstdc++ counts the owners of an exception with atomics: an exception that crosses threads in a
// `std::future` is reported when the loop's thread is the last to let go of it. OpenSSL reads the
// extensions of a certificate once, under a lock, and tells by an atomic flag that it has: loops
// that share a `TlsContext` share its roots.

extern "C" const char* __tsan_default_suppressions();

extern "C" const char* __tsan_default_suppressions() {
  return "race:std::__exception_ptr::exception_ptr::_M_release\n"
         "race:std::__future_base::_State_baseV2::~_State_baseV2\n"
         "race:libcrypto.so.3\n";
}
