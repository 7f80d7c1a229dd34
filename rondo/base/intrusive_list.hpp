#pragma once
// A doubly linked list whose links live in its elements: nothing is allocated, and an element can
// leave in O(1) without knowing its list. The list never owns its elements.

namespace rondo {

/// The links of one membership. An element that is destroyed while linked leaves its list.
class ListHook {
 public:
  ListHook() noexcept = default;
  ListHook(const ListHook&) = delete;
  ListHook& operator=(const ListHook&) = delete;
  ~ListHook() { unlink(); }

  [[nodiscard]] bool is_linked() const noexcept { return next_ != nullptr; }

  void unlink() noexcept {
    if (next_ == nullptr) return;
    previous_->next_ = next_;
    next_->previous_ = previous_;
    next_ = nullptr;
  }

 private:
  template <class T, class Tag>
  friend class IntrusiveList;

  void link_before(ListHook& position) noexcept {
    previous_ = position.previous_;
    next_ = &position;
    previous_->next_ = this;
    position.previous_ = this;
  }

  ListHook* next_ = nullptr;  // null: in no list
  ListHook* previous_ = nullptr;
};

/// Base of an element; `Tag` tells several memberships of one element apart.
template <class Tag>
class ListElement : private ListHook {
 public:
  using ListHook::is_linked;
  using ListHook::unlink;

 private:
  template <class T, class OtherTag>
  friend class IntrusiveList;
};

/// A list of `T`, which derives from `ListElement<Tag>`.
template <class T, class Tag>
class IntrusiveList {
 public:
  IntrusiveList() noexcept { make_empty(); }
  IntrusiveList(const IntrusiveList&) = delete;
  IntrusiveList& operator=(const IntrusiveList&) = delete;
  ~IntrusiveList() {
    while (!empty()) head_.next_->unlink();
  }

  [[nodiscard]] bool empty() const noexcept { return head_.next_ == &head_; }

  void push_back(T& element) noexcept { hook_of(element).link_before(head_); }
  void push_front(T& element) noexcept { hook_of(element).link_before(*head_.next_); }

  /// Puts `element` behind `position`, which is in this list.
  void insert_behind(T& position, T& element) noexcept {
    hook_of(element).link_before(*hook_of(position).next_);
  }

  /// The first element, or null.
  [[nodiscard]] T* front() noexcept { return empty() ? nullptr : &element_of(*head_.next_); }

  /// The element behind `element`, or null. `element` must be in this list.
  [[nodiscard]] T* next(T& element) noexcept {
    ListHook* next = hook_of(element).next_;
    return next == &head_ ? nullptr : &element_of(*next);
  }

  /// Removes and returns the first element, or null.
  T* pop_front() noexcept {
    if (empty()) return nullptr;
    ListHook& first = *head_.next_;
    head_.next_ = first.next_;
    first.next_->previous_ = &head_;
    first.next_ = nullptr;
    return &element_of(first);
  }

  /// Moves all elements of `other` behind those of this list.
  void splice_back(IntrusiveList& other) noexcept {
    if (other.empty()) return;
    ListHook* first = other.head_.next_;
    ListHook* last = other.head_.previous_;
    other.make_empty();
    first->previous_ = head_.previous_;
    head_.previous_->next_ = first;
    last->next_ = &head_;
    head_.previous_ = last;
  }

 private:
  static ListHook& hook_of(T& element) noexcept { return static_cast<ListElement<Tag>&>(element); }
  static T& element_of(ListHook& hook) noexcept {
    return static_cast<T&>(static_cast<ListElement<Tag>&>(hook));
  }

  void make_empty() noexcept { head_.next_ = head_.previous_ = &head_; }

  ListHook head_;  // between the last element and the first
};

}  // namespace rondo
