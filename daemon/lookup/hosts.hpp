#pragma once

#include <Poco/URI.h>

#include <string>
#include <string_view>
#include <vector>

namespace gatefold::lookup {

/// Where a source's requests and redirects may lead: its own address, and beside it only named
/// hosts over HTTPS. A source whose address was changed in the settings has no others.
class Hosts {
public:
    /// `base_url` "https://host[:port][/path]" or "http://..." for a server of one's own; `others`
    /// are host names, or endings that begin with a dot (".archive.org"). Throws OnlineError
    /// `invalid` for an address that is none, has a user or a query.
    Hosts(const std::string& base_url, std::vector<std::string> others);

    bool permits(const Poco::URI& address) const;
    /// Same scheme, host and port as the source's own address: only there may secrets go.
    bool isOwn(const Poco::URI& address) const;
    /// The address of a path and query below the base, "/releases/1".
    std::string address(std::string_view path_and_query) const;

private:
    Poco::URI base_;
    std::vector<std::string> others_;
};

} // namespace gatefold::lookup
