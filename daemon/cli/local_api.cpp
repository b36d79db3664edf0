#include "cli/local_api.hpp"

#include "house/house.hpp"
#include "http/dispatcher.hpp"
#include "http/parse.hpp"

#include <utility>

namespace gatefold::cli {

namespace {

class Silence final : public Feedback {
public:
    void play(Tone, const std::string&) noexcept override {}
};

} // namespace

struct LocalApi::Impl {
    Impl(const platform::Settings& settings, platform::StoreLock the_lock)
        : lock(std::move(the_lock)),
          house(settings, silence,
                [] {
                    return LinkStatus{false, false, 0, {}};
                }),
          services(house.services()),
          files("", std::filesystem::path(settings.store.path) / "covers"),
          dispatcher(services, files, metrics, settings.http.public_url) {
        house.settle();
    }

    platform::StoreLock lock;
    Silence silence;
    house::House house;
    http::Services services;
    http::StaticFiles files;
    http::Metrics metrics;
    http::Dispatcher dispatcher;
};

LocalApi::LocalApi(const platform::Settings& settings, platform::StoreLock lock)
    : impl_(std::make_unique<Impl>(settings, std::move(lock))) {}
LocalApi::~LocalApi() = default;

ApiReply LocalApi::call(std::string_view method, std::string_view target, std::string_view body,
                        std::string_view if_match) {
    http::Request request;
    request.method = method;
    request.target = http::parseTarget(target);
    request.console = true;
    request.loopback = true;
    request.headers = {{"X-Gatefold", "1"}};
    if (method != "GET") {
        request.headers.emplace_back("Content-Type", "application/json");
        request.content_length = static_cast<std::int64_t>(body.size());
    }
    if (!if_match.empty())
        request.headers.emplace_back("If-Match", std::string(if_match));
    request.read_body = [body](std::size_t size) { return std::string(body.substr(0, size)); };
    http::Reply reply = impl_->dispatcher.handle(request);
    ApiReply out{reply.status, std::move(reply.body), {}};
    for (const auto& [name, value] : reply.headers)
        if (name == "ETag")
            out.tag = value;
    return out;
}

} // namespace gatefold::cli
