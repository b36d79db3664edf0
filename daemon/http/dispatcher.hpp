#pragma once

#include "http/message.hpp"
#include "http/metrics.hpp"
#include "http/reply_cache.hpp"
#include "http/routes.hpp"
#include "http/services.hpp"
#include "http/sign_in_guard.hpp"
#include "http/static_files.hpp"

#include <semaphore>
#include <string>

namespace gatefold::http {

/// From a request to a reply: match -> body limit -> authenticate -> cross-site -> permission ->
/// read body -> handler. Whatever no row of the table opens is closed. Any thread; never throws.
class Dispatcher {
public:
    /// `public_url`: the configured one, or empty.
    Dispatcher(const Services& services, const StaticFiles& files, Metrics& metrics,
               const std::string& public_url);

    Reply handle(Request& request) noexcept;

private:
    Reply dispatch(Request& request);
    Reply run(const Route& route, Request& request);
    Reply answer(const Route& route, Request& request, const std::string& body);
    Reply answerForAll(const Route& route, Request& request);
    void authorise(const Route& route, Request& request) const;
    std::string bodyOf(const Route& route, const Request& request);
    Reply problem(const Error& error, const Request& request) const;
    void finish(Reply& reply, const Request& request) const;

    const Services& services_;
    const StaticFiles& files_;
    Metrics& metrics_;
    std::string public_origin_;
    SignInGuard guard_;
    ReplyCache replies_;
    std::counting_semaphore<2> large_bodies_{2}; ///< photos in memory at once
};

} // namespace gatefold::http
