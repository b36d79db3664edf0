#pragma once

#include "lookup/hosts.hpp"
#include "lookup/trusted_certificates.hpp"
#include "ports/clock.hpp"
#include "ports/online_source.hpp"

#include <map>
#include <memory>
#include <stop_token>
#include <string>

namespace gatefold::lookup {

struct HttpOptions {
    std::string user_agent;
    std::shared_ptr<TrustedCertificates> trusted = std::make_shared<TrustedCertificates>();
    Millis connect_timeout{5'000}; ///< for each address of a host
    Millis read_timeout{15'000};   ///< without a byte
    Millis total_timeout{45'000};  ///< for a whole exchange, redirects included
    int most_redirects = 5;
};

struct HttpRequest {
    std::string address;
    std::string accept;
    std::string authorization;        ///< secret; sent to the source's own address only
    std::size_t most_bytes = 8 << 20; ///< of the body, unpacked
};

struct HttpAnswer {
    int status = 0;
    std::map<std::string, std::string> headers; ///< names in lower case
    std::string body;                           ///< of 200 only; unpacked
    std::string address;                        ///< where it was found at last

    /// The header's value, empty when there is none.
    const std::string& header(const std::string& name) const;
};

/// GET over HTTP/1.1 and TLS 1.2 or newer, certificates verified with the host's name. Any thread;
/// every request has its own connection.
class HttpClient {
public:
    HttpClient(HttpOptions options, const Clock& clock);

    /// Follows redirects to hosts that `hosts` permits. Throws OnlineError: `unavailable` with what
    /// went wrong in words (no connection, certificate, too slow, too large, cut off, redirect to a
    /// host that is not permitted), `conflict` when stopped.
    HttpAnswer get(const HttpRequest& request, const Hosts& hosts, const std::stop_token& stop);

private:
    HttpAnswer exchange(const Poco::URI& address, const HttpRequest& request, const Hosts& hosts,
                        MonoTime deadline, const std::stop_token& stop);

    const HttpOptions options_;
    const Clock& clock_;
};

} // namespace gatefold::lookup
