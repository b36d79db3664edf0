#include "lookup/hosts.hpp"

#include "ports/online_source.hpp"

#include <Poco/Exception.h>

#include <algorithm>

namespace gatefold::lookup {

namespace {

Poco::URI parsedBase(const std::string& base_url) {
    try {
        Poco::URI base(base_url);
        const bool web = base.getScheme() == "https" || base.getScheme() == "http";
        if (web && !base.getHost().empty() && base.getUserInfo().empty() &&
            base.getRawQuery().empty() && base.getFragment().empty())
            return base;
    } catch (const Poco::Exception&) {
        // said below
    }
    throw OnlineError(ErrorCode::invalid, "the address of an online source must look like "
                                          "\"https://api.discogs.com\"");
}

bool matches(const std::string& host, const std::string& other) {
    return other.starts_with('.') ? host.size() > other.size() && host.ends_with(other)
                                  : host == other;
}

} // namespace

Hosts::Hosts(const std::string& base_url, std::vector<std::string> others)
    : base_(parsedBase(base_url)), others_(std::move(others)) {
    std::string path = base_.getPath();
    while (path.ends_with('/'))
        path.pop_back();
    base_.setPath(path);
}

bool Hosts::isOwn(const Poco::URI& address) const {
    return address.getScheme() == base_.getScheme() && address.getHost() == base_.getHost() &&
           address.getPort() == base_.getPort();
}

bool Hosts::permits(const Poco::URI& address) const {
    if (!address.getUserInfo().empty())
        return false;
    if (isOwn(address))
        return true;
    return address.getScheme() == "https" && address.getPort() == 443 &&
           std::any_of(others_.begin(), others_.end(),
                       [&](const std::string& other) { return matches(address.getHost(), other); });
}

std::string Hosts::address(std::string_view path_and_query) const {
    return base_.toString() + std::string(path_and_query);
}

} // namespace gatefold::lookup
