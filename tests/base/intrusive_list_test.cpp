#include "rondo/base/intrusive_list.hpp"

#include <gtest/gtest.h>

#include <list>
#include <memory>
#include <random>

namespace rondo {
namespace {

struct First;
struct Second;

struct Item : ListElement<First>, ListElement<Second> {
  explicit Item(int number) : value(number) {}
  using InFirst = ListElement<First>;
  using InSecond = ListElement<Second>;
  int value;
};

using List = IntrusiveList<Item, First>;

std::vector<int> values_of(List& list) {
  std::vector<int> values;
  for (Item* item = list.front(); item != nullptr; item = list.next(*item)) {
    values.push_back(item->value);
  }
  return values;
}

TEST(IntrusiveList, KeepsTheOrderOfBothEnds) {
  Item a(1);
  Item b(2);
  Item c(3);
  List list;
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.front(), nullptr);
  list.push_back(b);
  list.push_back(c);
  list.push_front(a);
  EXPECT_EQ(values_of(list), (std::vector{1, 2, 3}));
  EXPECT_EQ(list.pop_front(), &a);
  EXPECT_FALSE(a.InFirst::is_linked());
  EXPECT_EQ(values_of(list), (std::vector{2, 3}));
}

TEST(IntrusiveList, AnElementLeavesFromTheMiddle) {
  Item a(1);
  Item b(2);
  Item c(3);
  List list;
  for (Item* item : {&a, &b, &c}) list.push_back(*item);
  b.InFirst::unlink();
  b.InFirst::unlink();  // leaving twice is leaving once
  EXPECT_EQ(values_of(list), (std::vector{1, 3}));
}

TEST(IntrusiveList, ADestroyedElementLeavesItsList) {
  Item a(1);
  auto b = std::make_unique<Item>(2);
  Item c(3);
  List list;
  for (Item* item : {&a, b.get(), &c}) list.push_back(*item);
  b.reset();
  EXPECT_EQ(values_of(list), (std::vector{1, 3}));
}

TEST(IntrusiveList, ADestroyedListLetsItsElementsGo) {
  Item a(1);
  Item b(2);
  {
    List list;
    list.push_back(a);
    list.push_back(b);
  }
  EXPECT_FALSE(a.InFirst::is_linked());
  EXPECT_FALSE(b.InFirst::is_linked());
}

TEST(IntrusiveList, TagsTellMembershipsApart) {
  Item a(1);
  Item b(2);
  List first;
  IntrusiveList<Item, Second> second;
  first.push_back(a);
  first.push_back(b);
  second.push_back(b);
  second.push_back(a);
  a.InFirst::unlink();
  EXPECT_EQ(first.front(), &b);
  EXPECT_EQ(second.pop_front(), &b);
  EXPECT_EQ(second.pop_front(), &a);
  EXPECT_EQ(second.pop_front(), nullptr);
}

TEST(IntrusiveList, SplicingMovesAllAndLeavesTheOtherUsable) {
  Item a(1);
  Item b(2);
  Item c(3);
  List list;
  List other;
  list.splice_back(other);
  EXPECT_TRUE(list.empty());
  list.push_back(a);
  other.push_back(b);
  other.push_back(c);
  list.splice_back(other);
  EXPECT_EQ(values_of(list), (std::vector{1, 2, 3}));
  EXPECT_TRUE(other.empty());
  c.InFirst::unlink();
  other.push_back(c);
  EXPECT_EQ(values_of(list), (std::vector{1, 2}));
  EXPECT_EQ(values_of(other), (std::vector{3}));
}

TEST(IntrusiveList, AgreesWithAnOrdinaryListOverRandomSteps) {
  std::mt19937 random(20260101);
  std::vector<std::unique_ptr<Item>> items;
  for (int i = 0; i < 50; ++i) items.push_back(std::make_unique<Item>(i));
  List list;
  std::list<int> model;
  for (int step = 0; step < 20'000; ++step) {
    Item& item = *items[random() % items.size()];
    switch (random() % 4) {
      case 0:
        if (!item.InFirst::is_linked()) {
          list.push_back(item);
          model.push_back(item.value);
        }
        break;
      case 1:
        if (!item.InFirst::is_linked()) {
          list.push_front(item);
          model.push_front(item.value);
        }
        break;
      case 2:
        item.InFirst::unlink();
        model.remove(item.value);
        break;
      default:
        if (const Item* popped = list.pop_front(); popped != nullptr) {
          ASSERT_EQ(popped->value, model.front());
          model.pop_front();
        } else {
          ASSERT_TRUE(model.empty());
        }
    }
    ASSERT_EQ(values_of(list), std::vector<int>(model.begin(), model.end()));
  }
}

}  // namespace
}  // namespace rondo
