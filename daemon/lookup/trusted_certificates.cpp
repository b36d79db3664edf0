#include "lookup/trusted_certificates.hpp"

namespace gatefold::lookup {

namespace net = Poco::Net;

net::Context::Ptr TrustedCertificates::context() {
    std::call_once(once_, [this] {
        made_ = new net::Context(net::Context::TLS_CLIENT_USE, ca_file_,
                                 net::Context::VERIFY_STRICT, 9, ca_file_.empty());
        made_->requireMinimumProtocol(net::Context::PROTO_TLSV1_2);
        made_->enableExtendedCertificateVerification(true);
    });
    return made_;
}

} // namespace gatefold::lookup
