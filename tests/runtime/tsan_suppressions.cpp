// Read by ThreadSanitizer alone. The owners of an exception are counted with atomics inside
// libstdc++, which is not built with the sanitizer: it does not see that the last owner, on one
// thread, comes after the others, on other threads. An exception that crosses threads in a
// `std::future` is therefore reported when the loop's thread is the last to let go of it.

extern "C" const char* __tsan_default_suppressions();

extern "C" const char* __tsan_default_suppressions() {
  return "race:std::__exception_ptr::exception_ptr::_M_release\n"
         "race:std::__future_base::_State_baseV2::~_State_baseV2\n";
}
