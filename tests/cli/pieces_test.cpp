#include "cli/pieces.hpp"

#include <gtest/gtest.h>

namespace rondo::cli {
namespace {

TEST(Pieces, CoverTheWhole) {
  const Pieces pieces(10, 3);
  EXPECT_EQ(pieces.text(), "10 0-3 3-6 6-10");
  EXPECT_EQ(pieces.missing(), 10U);
}

TEST(Pieces, AreTakenOnceUntilTheyAreGivenBack) {
  Pieces pieces(10, 2);
  EXPECT_EQ(pieces.take(), 0U);
  EXPECT_EQ(pieces.take(), 1U);
  EXPECT_FALSE(pieces.take());
  pieces.advance(0, 2);
  pieces.give_back(0);
  EXPECT_EQ(pieces.take(), 0U);
  EXPECT_EQ(pieces.at(0).next, 2U);
  pieces.advance(0, 3);
  pieces.give_all_back();
  EXPECT_EQ(pieces.take(), 1U) << "the other one is there";
  EXPECT_EQ(pieces.missing(), 5U);
}

TEST(Pieces, AreReadBackAsTheyWereWritten) {
  Pieces pieces(1000, 4);
  pieces.advance(0, 250);
  pieces.advance(2, 17);
  EXPECT_EQ(pieces.text(), "1000 250-500 517-750 750-1000");
  const auto again = Pieces::parse(pieces.text());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->text(), pieces.text());
  EXPECT_EQ(again->missing(), pieces.missing());
  EXPECT_EQ(Pieces::parse("5")->missing(), 0U);
}

TEST(Pieces, AreReadFromNothingElse) {
  for (const char* text : {"", "x", "10 ", "10 0", "10 0-", "10 3-3", "10 5-2", "10 0-11",
                           "10 0-5 4-8", "10 0-5,6-8", "-1", "10 0-5 x"}) {
    EXPECT_FALSE(Pieces::parse(text)) << text;
  }
}

}  // namespace
}  // namespace rondo::cli
