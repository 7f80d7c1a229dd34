// libcurl's multi interface over epoll (curl_multi_socket_action), as its documentation recommends
// it for many transfers: one easy handle for each, used again and again; room for all connections
// in the cache; TCP_NODELAY and no signals; HTTP/1.1; a receive buffer of 512 KiB for large bodies,
// of 16 KiB (the default) for small ones.

#include <curl/curl.h>
#include <sys/epoll.h>

#include <array>
#include <chrono>
#include <optional>
#include <vector>

#include "peers/load.hpp"

namespace {

using bench::Load;
using Clock = std::chrono::steady_clock;

struct Transfer {
  const Load* load = nullptr;
  CURL* easy = nullptr;
  std::string body;
  std::size_t length = 0;
};

std::size_t take(char* data, std::size_t, std::size_t size, void* of) {
  auto& transfer = *static_cast<Transfer*>(of);
  transfer.length += size;
  if (!transfer.load->streamed()) transfer.body.append(data, size);
  return size;
}

class Client {
 public:
  explicit Client(const Load& load)
      : load_(load),
        epoll_(::epoll_create1(0)),
        multi_(curl_multi_init()),
        transfers_(load.concurrency) {
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Client::watch);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Client::set_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(load.concurrency));
    for (Transfer& transfer : transfers_) prepare(transfer);
  }

  void run(std::size_t count) {
    unsent_ = count;
    unfinished_ = count;
    for (Transfer& transfer : transfers_) begin(transfer);
    std::array<epoll_event, 256> events{};
    while (unfinished_ > 0) {
      const int ready = ::epoll_wait(epoll_, events.data(), events.size(), milliseconds_to_timer());
      int running = 0;
      for (int i = 0; i < ready; ++i) {
        const epoll_event& event = events.at(static_cast<std::size_t>(i));
        const int bits = ((event.events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                         ((event.events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                         ((event.events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
        curl_multi_socket_action(multi_, event.data.fd, bits, &running);
      }
      if (timer_ && Clock::now() >= *timer_) {
        timer_.reset();
        curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
      }
      finish_done();
    }
  }

 private:
  void prepare(Transfer& transfer) {
    transfer.load = &load_;
    transfer.easy = curl_easy_init();
    const auto set = [&](CURLoption option, auto value) {
      curl_easy_setopt(transfer.easy, option, value);
    };
    set(CURLOPT_URL, load_.url.c_str());
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_TCP_NODELAY, 1L);
    set(CURLOPT_WRITEFUNCTION, &take);
    set(CURLOPT_WRITEDATA, static_cast<void*>(&transfer));
    set(CURLOPT_PRIVATE, static_cast<void*>(&transfer));
    if (load_.bytes > 16 * 1024) set(CURLOPT_BUFFERSIZE, 512L * 1024);
    if (load_.tls) set(CURLOPT_CAINFO, load_.ca_file.c_str());
  }

  void begin(Transfer& transfer) {
    if (unsent_ == 0) return;
    --unsent_;
    transfer.body = {};
    if (!load_.streamed()) transfer.body.reserve(load_.bytes);
    transfer.length = 0;
    curl_multi_add_handle(multi_, transfer.easy);
  }

  void finish_done() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      if (message->data.result != CURLE_OK) bench::fail(curl_easy_strerror(message->data.result));
      char* of = nullptr;
      long status = 0;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &of);
      curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &status);
      auto& transfer = *reinterpret_cast<Transfer*>(of);
      curl_multi_remove_handle(multi_, transfer.easy);
      if (load_.streamed()) {
        bench::check_length(load_, static_cast<unsigned>(status), transfer.length);
      } else {
        bench::check_answer(load_, static_cast<unsigned>(status), transfer.body);
      }
      --unfinished_;
      begin(transfer);
    }
  }

  [[nodiscard]] int milliseconds_to_timer() const {
    if (!timer_) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*timer_ - Clock::now()).count();
    return left < 0 ? 0 : static_cast<int>(left);
  }

  static int watch(CURL*, curl_socket_t socket, int what, void* of, void* known) {
    auto& self = *static_cast<Client*>(of);
    if (what == CURL_POLL_REMOVE) {
      ::epoll_ctl(self.epoll_, EPOLL_CTL_DEL, socket, nullptr);
      return 0;
    }
    epoll_event event{.events = 0, .data = {.fd = socket}};
    if ((what & CURL_POLL_IN) != 0) event.events |= EPOLLIN;
    if ((what & CURL_POLL_OUT) != 0) event.events |= EPOLLOUT;
    ::epoll_ctl(self.epoll_, known != nullptr ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
    curl_multi_assign(self.multi_, socket, &self);
    return 0;
  }

  static int set_timer(CURLM*, long milliseconds, void* of) {
    auto& self = *static_cast<Client*>(of);
    self.timer_.reset();
    if (milliseconds >= 0) self.timer_ = Clock::now() + std::chrono::milliseconds(milliseconds);
    return 0;
  }

  const Load& load_;
  int epoll_;
  CURLM* multi_;
  std::vector<Transfer> transfers_;
  std::optional<Clock::time_point> timer_;
  std::size_t unsent_ = 0;
  std::size_t unfinished_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const Load load = bench::parse_load(argc, argv);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  Client client(load);
  client.run(load.warm_up());
  const bench::Measurement measurement;
  client.run(load.count);
  measurement.print(load.count);
}
