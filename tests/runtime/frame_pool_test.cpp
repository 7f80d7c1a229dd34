#include "rondo/runtime/frame_pool.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <set>
#include <thread>

#include "rondo/runtime/run.hpp"

namespace rondo::detail {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kRecycles = false;
#elif defined(__has_feature)
constexpr bool kRecycles = !__has_feature(address_sanitizer);
#else
constexpr bool kRecycles = true;
#endif

TEST(FramePool, GivesAReleasedFrameToTheNextOfItsClass) {
  void* first = allocate_frame(130);
  release_frame(first, 130);
  void* second = allocate_frame(190);  // the same class: 129 to 192 bytes
  EXPECT_EQ(first == second, kRecycles);
  void* third = allocate_frame(190);
  EXPECT_NE(third, second);
  release_frame(second, 190);
  release_frame(third, 190);
}

TEST(FramePool, DoesNotMixClasses) {
  void* small = allocate_frame(64);
  release_frame(small, 64);
  void* large = allocate_frame(65);
  EXPECT_NE(small, large);
  release_frame(large, 65);
}

TEST(FramePool, GivesEachFrameItsWholeSize) {
  std::vector<std::pair<char*, std::size_t>> frames;
  for (std::size_t size = 1; size <= 5000; size += 37) {
    frames.emplace_back(static_cast<char*>(allocate_frame(size)), size);
  }
  for (std::size_t i = 0; i < frames.size(); ++i) {
    std::memset(frames[i].first, static_cast<int>(i % 251), frames[i].second);
  }
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto [frame, size] = frames[i];
    EXPECT_TRUE(std::all_of(frame, frame + size,
                            [&](char c) { return static_cast<unsigned char>(c) == i % 251; }));
    release_frame(frame, size);
  }
}

TEST(FramePool, SurvivesRandomUse) {
  std::mt19937 random(7);
  std::vector<std::pair<char*, std::size_t>> live;
  for (int step = 0; step < 50'000; ++step) {
    if (live.size() < 200 && random() % 2 == 0) {
      const std::size_t size = 1 + random() % 3000;
      live.emplace_back(static_cast<char*>(allocate_frame(size)), size);
      live.back().first[0] = live.back().first[size - 1] = static_cast<char>(size);
    } else if (!live.empty()) {
      std::swap(live[random() % live.size()], live.back());
      const auto [frame, size] = live.back();
      ASSERT_EQ(frame[0], static_cast<char>(size));
      ASSERT_EQ(frame[size - 1], static_cast<char>(size));
      release_frame(frame, size);
      live.pop_back();
    }
  }
  for (const auto& [frame, size] : live) release_frame(frame, size);
}

TEST(FramePool, AFrameMayEndOnAnotherThread) {
  std::vector<void*> frames;
  std::thread([&] {
    for (int i = 0; i < 100; ++i) frames.push_back(allocate_frame(256));
  }).join();
  EXPECT_EQ(std::set<void*>(frames.begin(), frames.end()).size(), 100U);
  for (void* frame : frames) release_frame(frame, 256);
}

TEST(FramePool, KeepsABoundedNumberOfFrames) {
  std::vector<void*> frames;
  for (int i = 0; i < 10'000; ++i) frames.push_back(allocate_frame(64));
  for (void* frame : frames) release_frame(frame, 64);
  // Those beyond the bound were freed, those within are given again.
  const std::set<void*> before(frames.begin(), frames.end());
  std::size_t recycled = 0;
  frames.clear();
  for (int i = 0; i < 100; ++i) {
    frames.push_back(allocate_frame(64));
    recycled += before.count(frames.back());
  }
  EXPECT_EQ(recycled == 100, kRecycles);
  for (void* frame : frames) release_frame(frame, 64);
}

TEST(FramePool, ShrinkingFreesAllButAsManyAsAreNeeded) {
  constexpr std::size_t kSize = kFrameClasses * kFrameGranule;
  constexpr std::size_t kAlwaysKept = std::size_t{32} * 1024;
  std::vector<void*> frames;
  for (int i = 0; i < 1'000; ++i) frames.push_back(allocate_frame(kSize));
  for (void* frame : frames) release_frame(frame, kSize);
  const auto kept = [] {
    std::size_t count = 0;
    for (FreeFrame* frame = free_frames.back().first; frame != nullptr; frame = frame->next)
      ++count;
    return count;
  };
  EXPECT_TRUE(may_shrink_frame_pool());
  shrink_frame_pool(100);
  EXPECT_EQ(kept(), kRecycles ? 100U : 0U);
  EXPECT_EQ(may_shrink_frame_pool(), kRecycles);
  shrink_frame_pool(0);
  EXPECT_EQ(kept(), kRecycles ? kAlwaysKept / kSize : 0U);
  EXPECT_FALSE(may_shrink_frame_pool());
}

struct TaskOfADyingThread {
  ~TaskOfADyingThread() {
    auto body = []() -> Task<> { co_return; };
    const Task<> made_late = body();
  }
};

TEST(FramePool, ATaskMadeWhileItsThreadEndsIsFreed) {
  std::thread([] {
    thread_local const TaskOfADyingThread last;  // made before the pool, so it ends behind it
    static_cast<void>(last);
    release_frame(allocate_frame(64), 64);
  }).join();
}

}  // namespace
}  // namespace rondo::detail
