#pragma once

#include <Poco/Net/Context.h>

#include <mutex>
#include <string>

namespace gatefold::lookup {

/// What HTTPS servers are checked against: about a megabyte, so it is read when it is first needed
/// and shared by all clients. Any thread.
class TrustedCertificates {
public:
    /// `ca_file`: certificates to trust instead of the system's (PEM); empty: the system's.
    explicit TrustedCertificates(std::string ca_file = {}) : ca_file_(std::move(ca_file)) {}
    /// Throws Poco::Net::SSLException when they cannot be read; the next call tries again.
    Poco::Net::Context::Ptr context();

private:
    const std::string ca_file_;
    std::once_flag once_;
    Poco::Net::Context::Ptr made_;
};

} // namespace gatefold::lookup
