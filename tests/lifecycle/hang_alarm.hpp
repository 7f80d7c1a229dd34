#pragma once
// What hangs ends the process, with a word on what it was.

#include <string>

namespace rondo::lifecycle {

/// While it exists, time runs. One at a time.
class HangAlarm {
 public:
  explicit HangAlarm(std::string running);
  HangAlarm(const HangAlarm&) = delete;
  HangAlarm& operator=(const HangAlarm&) = delete;
  ~HangAlarm();
};

}  // namespace rondo::lifecycle
