#include "lookup/transfer_watch.hpp"

#include "ports/online_source.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gatefold::lookup {

namespace {
/// How often the clock and the stop are looked at.
constexpr Millis slice{50};
} // namespace

TransferWatch::Descriptor::Descriptor(int socket) : number(::fcntl(socket, F_DUPFD_CLOEXEC, 0)) {
    if (number < 0)
        throw OnlineError(ErrorCode::unavailable, "cannot be asked: no file descriptor is left");
}

TransferWatch::Descriptor::~Descriptor() {
    ::close(number);
}

TransferWatch::TransferWatch(const Clock& clock, MonoTime deadline, std::stop_token stop,
                             int socket)
    : clock_(clock),
      deadline_(deadline),
      stop_(std::move(stop)),
      socket_(socket),
      thread_([this](const std::stop_token& over) { watch(over); }) {}

TransferWatch::~TransferWatch() {
    thread_.request_stop();
    thread_.join();
}

void TransferWatch::watch(const std::stop_token& over) noexcept {
    pthread_setname_np(pthread_self(), "lookup-watch");
    std::unique_lock lock(mutex_);
    while (!over.stop_requested() && end() == End::none)
        changed_.wait_for(lock, over, slice, [] { return false; });
}

void TransferWatch::endAs(End why) noexcept {
    End none = End::none;
    if (end_.compare_exchange_strong(none, why))
        ::shutdown(socket_.number, SHUT_RDWR);
}

TransferWatch::End TransferWatch::end() {
    if (stop_.stop_requested())
        endAs(End::stopped);
    else if (clock_.now().mono >= deadline_)
        endAs(End::late);
    return end_;
}

} // namespace gatefold::lookup
