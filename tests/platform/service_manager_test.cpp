#include "platform/service_manager.hpp"

#include "os/file_descriptor.hpp"
#include "tests/temp_folder.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <boost/test/unit_test.hpp>

#include <cstring>

namespace gatefold::platform {
namespace {

using test::TempFolder;

/// systemd's end of the wire.
class NotifySocket {
public:
    explicit NotifySocket(const std::string& address) : socket_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
        sockaddr_un own{};
        own.sun_family = AF_UNIX;
        address.copy(own.sun_path, sizeof own.sun_path - 1);
        if (own.sun_path[0] == '@')
            own.sun_path[0] = '\0';
        const auto length =
            static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
        BOOST_TEST_REQUIRE(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&own), length) == 0);
        ::setenv("NOTIFY_SOCKET", address.c_str(), 1);
    }
    std::string received() {
        char text[512];
        const ssize_t length = ::recv(socket_.get(), text, sizeof text, MSG_DONTWAIT);
        return length < 0 ? "nothing" : std::string(text, static_cast<std::size_t>(length));
    }

private:
    os::FileDescriptor socket_;
};

BOOST_AUTO_TEST_SUITE(service_manager)

BOOST_AUTO_TEST_CASE(messages_arrive_on_a_socket_file_and_on_an_abstract_one) {
    const TempFolder folder;
    for (const std::string& address :
         {(folder.path() / "notify").string(), "@gatefold-test-" + std::to_string(::getpid())}) {
        NotifySocket socket(address);
        const ServiceManager manager;
        manager.ready();
        BOOST_TEST(socket.received() == "READY=1");
        manager.status("listening on\n8080");
        BOOST_TEST(socket.received() == "STATUS=listening on 8080");
        manager.watchdog();
        BOOST_TEST(socket.received() == "WATCHDOG=1");
        manager.stopping();
        BOOST_TEST(socket.received() == "STOPPING=1");
        BOOST_TEST(::getenv("NOTIFY_SOCKET") == nullptr);
    }
}

BOOST_AUTO_TEST_CASE(without_systemd_nothing_happens) {
    const ServiceManager manager;
    manager.ready();
    BOOST_TEST(!manager.watchdogInterval().has_value());
    BOOST_TEST(manager.sockets().empty());
}

BOOST_AUTO_TEST_CASE(the_watchdog_is_fed_twice_as_often_as_it_bites) {
    ::setenv("WATCHDOG_USEC", "30000000", 1);
    BOOST_TEST(ServiceManager().watchdogInterval()->count() == 15000);
    ::setenv("WATCHDOG_USEC", "30000000", 1);
    ::setenv("WATCHDOG_PID", "1", 1);
    BOOST_TEST(!ServiceManager().watchdogInterval().has_value());
    ::setenv("WATCHDOG_USEC", "soon", 1);
    BOOST_TEST(!ServiceManager().watchdogInterval().has_value());
}

/// What a process started with these descriptors sees, as its exit status.
int passedSocketsInChild() {
    const pid_t child = ::fork();
    if (child == 0) {
        const os::FileDescriptor source(::open("/dev/null", O_RDONLY));
        ::dup2(source.get(), 3);
        ::dup2(source.get(), 4);
        ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
        ::setenv("LISTEN_FDS", "2", 1);
        ::setenv("LISTEN_FDNAMES", "http:https", 1);
        const ServiceManager manager;
        const auto& sockets = manager.sockets();
        const bool right = sockets.size() == 2 && sockets[0].fd == 3 && sockets[0].name == "http" &&
                           sockets[1].fd == 4 && sockets[1].name == "https" &&
                           ::fcntl(3, F_GETFD) == FD_CLOEXEC && !::getenv("LISTEN_FDS");
        ::_exit(right ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WEXITSTATUS(status);
}

BOOST_AUTO_TEST_CASE(sockets_of_a_socket_unit_are_taken_over_by_name) {
    BOOST_TEST(passedSocketsInChild() == 0);
}

BOOST_AUTO_TEST_CASE(sockets_for_another_process_are_left_alone) {
    ::setenv("LISTEN_PID", "1", 1);
    ::setenv("LISTEN_FDS", "1", 1);
    BOOST_TEST(ServiceManager().sockets().empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace gatefold::platform
