#pragma once

#include "app/write_check.hpp"
#include "http/message.hpp"
#include "http/metrics.hpp"
#include "http/services.hpp"
#include "http/sign_in_guard.hpp"
#include "http/static_files.hpp"
#include "json/read.hpp"
#include "json/schema.hpp"
#include "json/write.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// What turns a plain function into a row of the route table: its body's and its reply's types are
/// read off its signature, so that reader, writer and API document cannot disagree.
namespace gatefold::http {

/// What a handler works with.
struct Context {
    const Services& use;
    const Request& request;
    SignInGuard& guard;
    const StaticFiles& files;
    const Metrics& metrics;

    const Caller& caller() const { return *request.caller; }
    /// For use cases that work for long before they store something. Not for open routes.
    WriteCheck callerIsStillGood() const {
        return [this](const ReadTx& tx) { use.accounts.checkStillGood(tx, caller()); };
    }
};

/// A reply with a status or headers of its own; status 0: the route's.
template <class T>
struct Answer {
    T value;
    int status = 0;
    std::vector<Header> headers = {};
};

/// A document of type T that somebody else wrote already.
template <class T>
struct Written {
    std::string text;
};

/// The body of a route that takes an image.
struct ImageBody {
    std::string bytes;
};

enum class BodyKind { none, json, image };

/// A handler with everything that follows from its signature.
struct Endpoint {
    std::string_view operation; ///< the function's name
    BodyKind body = BodyKind::none;
    bool raw = false;     ///< the handler makes the whole Reply
    bool has_tag = false; ///< the reply carries an ETag
    Reply (*run)(const Context& context, const std::string& body, int status) = nullptr;
    json::Value (*request_schema)(json::SchemaRegistry&) = nullptr;
    json::Value (*reply_schema)(json::SchemaRegistry&) = nullptr;
};

/// ETag of a versioned document: the version (what If-Match compares) and a digest of the content
/// (what caches compare: counters and names of neighbours change without a new version).
std::string entityTag(std::int64_t version, std::string_view body);
/// Adds the ETag and turns the reply into 304 when a GET knows it already.
void tagReply(Reply& reply, const Request& request, std::int64_t version);

namespace detail {

template <class T>
concept Versioned = requires(const T& value) {
    { value.version } -> std::convertible_to<std::int64_t>;
};

template <class T>
struct ReplyOf {
    using Document = T;
    static Reply make(const T& value, const Request& request, int status) {
        Reply reply;
        reply.status = status;
        reply.body = json::write(value);
        if constexpr (Versioned<T>)
            tagReply(reply, request, value.version);
        return reply;
    }
};
template <class T>
struct ReplyOf<Page<T>> {
    using Document = Page<T>;
    static Reply make(Page<T> page, const Request&, int status) {
        if (page.next)
            page.next = encodeCursor(*page.next);
        Reply reply;
        reply.status = status;
        reply.body = json::write(page);
        return reply;
    }
};
template <class T>
struct ReplyOf<Answer<T>> {
    using Document = T;
    static Reply make(const Answer<T>& answer, const Request& request, int status) {
        Reply reply =
            ReplyOf<T>::make(answer.value, request, answer.status ? answer.status : status);
        for (const auto& [name, value] : answer.headers)
            reply.with(name, value);
        return reply;
    }
};
template <class T>
struct ReplyOf<Written<T>> {
    using Document = T;
    static Reply make(const Written<T>& written, const Request&, int status) {
        Reply reply;
        reply.status = status;
        reply.body = written.text;
        return reply;
    }
};

/// "... [with auto handler = gatefold::http::listCopies; ...]" -> "listCopies".
template <auto handler>
constexpr std::string_view functionName() {
    std::string_view name = __PRETTY_FUNCTION__;
    name.remove_prefix(name.find("handler = ") + 10);
    name = name.substr(0, name.find_first_of(";])"));
    return name.substr(name.find_last_of(":&") + 1);
}

template <class Result, class F>
Reply replyOf(F&& call, const Request& request, int status) {
    if constexpr (std::is_void_v<Result>) {
        call();
        Reply reply;
        reply.status = 204;
        return reply;
    } else if constexpr (std::is_same_v<Result, Reply>) {
        Reply reply = call();
        if (reply.status == 200)
            reply.status = status;
        return reply;
    } else {
        return ReplyOf<Result>::make(call(), request, status);
    }
}

template <class Result>
constexpr void describeReply(Endpoint& endpoint) {
    if constexpr (std::is_same_v<Result, Reply>) {
        endpoint.raw = true;
    } else if constexpr (!std::is_void_v<Result>) {
        using Document = typename ReplyOf<Result>::Document;
        endpoint.has_tag = Versioned<Document>;
        endpoint.reply_schema = [](json::SchemaRegistry& registry) {
            return json::schemaOf<Document>(registry, json::Direction::sent);
        };
    }
}

template <auto handler, class Result>
constexpr Endpoint make(Result (*)(const Context&)) {
    Endpoint out;
    out.operation = functionName<handler>();
    out.run = [](const Context& context, const std::string&, int status) {
        return replyOf<Result>([&] { return handler(context); }, context.request, status);
    };
    describeReply<Result>(out);
    return out;
}

template <auto handler, class Result>
constexpr Endpoint make(Result (*)(const Context&, const ImageBody&)) {
    Endpoint out;
    out.operation = functionName<handler>();
    out.body = BodyKind::image;
    out.run = [](const Context& context, const std::string& body, int status) {
        return replyOf<Result>([&] { return handler(context, ImageBody{body}); }, context.request,
                               status);
    };
    describeReply<Result>(out);
    return out;
}

template <auto handler, class Result, class Body>
constexpr Endpoint make(Result (*)(const Context&, const Body&)) {
    Endpoint out;
    out.operation = functionName<handler>();
    out.body = BodyKind::json;
    out.run = [](const Context& context, const std::string& text, int status) {
        const Body body = json::read<Body>(json::parse(text));
        return replyOf<Result>([&] { return handler(context, body); }, context.request, status);
    };
    out.request_schema = [](json::SchemaRegistry& registry) {
        return json::schemaOf<Body>(registry, json::Direction::read);
    };
    describeReply<Result>(out);
    return out;
}

} // namespace detail

/// The endpoint of a handler: `Result handler(const Context&)`, with the body's type as second
/// parameter where there is a body.
template <auto handler>
constexpr Endpoint on() {
    return detail::make<handler>(handler);
}

} // namespace gatefold::http
