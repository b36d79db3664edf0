#include "drivers/vision_link/photo_link.hpp"

#include "drivers/vision_link/child_process.hpp"
#include "drivers/vision_link/symbology.hpp"

#include "core/retry_later.hpp"
#include "core/text.hpp"

#include <spdlog/spdlog.h>

#include <poll.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <utility>

namespace gatefold::vision_link {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array<ErrorCode, refusalReasons> refusals{ErrorCode::malformed, ErrorCode::tooLarge,
                                                         ErrorCode::unavailable};

/// How often a photo's process is asked how much it has worked.
constexpr std::chrono::milliseconds watchInterval{50};

DecodedCode decoded(const WireCode& code) {
    DecodedCode result{isUtf8(code.text) ? code.text : printable(code.text, code.text.size()),
                       std::string(name(code.format)),
                       std::nullopt,
                       {}};
    if (isRetail(code.format)) {
        const GtinKeys keys = gtinKeysOfScan(code.text, symbologyOf(code.format));
        if (!keys.strict.empty())
            result.gtin = keys.strict.front().text();
    }
    for (const WirePoint& corner : code.corners)
        result.corners.push_back({corner.x, corner.y});
    return result;
}

/// Throws what the process refused with; WireError when it answered something else.
template <class Answer>
Answer wanted(Message answer) {
    if (const auto* refused = std::get_if<Refused>(&answer))
        throw Error(refusals.at(static_cast<std::size_t>(refused->reason)),
                    printable(refused->message));
    if (auto* result = std::get_if<Answer>(&answer))
        return std::move(*result);
    throw WireError("an answer that was not asked for");
}

/// For good: another try would end the same way.
Error tooMuchWork() {
    return {ErrorCode::tooLarge, "reading this photo takes too much work"};
}

RetryLater tryLater() {
    return {ErrorCode::unavailable, "reading this photo takes too long now: try again",
            retryPhotoAfter};
}

[[noreturn]] void failOf(ChildProcess& child) {
    const auto ending = child.ending();
    spdlog::warn("vision: photo reader {}", ending.text);
    if (ending.signal == SIGXCPU)
        throw tooMuchWork();
    throw Error(ErrorCode::unavailable,
                "the image reader failed on this photo: try again, or take another one");
}

/// Until when a photo is waited for, and what makes it slow and hopeless.
struct Bounds {
    Clock::time_point deadline;
    std::chrono::milliseconds prompt_work, hopeless_work;
};

/// The process's one answer. Throws RetryLater `unavailable` when the photo is given up, or when it
/// stood still until the deadline; Error `tooLarge` when it worked until then, `unavailable` when
/// the process ends.
Message answerOf(ChildProcess& child, PhotoQueue::Place& place, const Bounds& bounds) {
    for (;;) {
        if (auto message = child.next())
            return std::move(*message);
        if (child.work() > bounds.prompt_work)
            place.becomeSlow();
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(bounds.deadline - Clock::now());
        if (place.givenUp()) {
            spdlog::warn("vision: photo given up pid={}", child.pid());
            throw tryLater();
        }
        if (left.count() <= 0) {
            spdlog::warn("vision: photo took too long pid={}", child.pid());
            if (child.work() > bounds.hopeless_work)
                throw tooMuchWork();
            throw tryLater();
        }
        pollfd entry{child.fd(), POLLIN, 0};
        if (::poll(&entry, 1, static_cast<int>(std::min(left, watchInterval).count())) > 0 &&
            !child.takeIn())
            failOf(child);
    }
}

void requireBounded(std::span<const unsigned char> image) {
    if (image.size() > maxPhotoBytes)
        throw Error(ErrorCode::tooLarge, "a photo has at most 25 MB");
}

} // namespace

PhotoLink::PhotoLink(std::filesystem::path program, std::chrono::milliseconds timeout,
                     std::chrono::milliseconds prompt_work, std::chrono::milliseconds hopeless_work)
    : program_(std::move(program)),
      timeout_(timeout),
      prompt_work_(prompt_work),
      hopeless_work_(hopeless_work) {}

template <class Answer, class Question>
Answer PhotoLink::ask(const Question& question, std::size_t most_reply_bytes) {
    PhotoQueue::Place place(queue_, Clock::now() + timeout_);
    const Bounds bounds{Clock::now() + timeout_, prompt_work_, hopeless_work_};
    ChildProcess child(program_, {"photo"}, photoLimits, most_reply_bytes);
    try {
        child.send(question(), bounds.deadline);
        return wanted<Answer>(answerOf(child, place, bounds));
    } catch (const WireError& error) {
        spdlog::warn("vision: bad answer reason=\"{}\"", error.what());
        throw Error(ErrorCode::unavailable, "the image reader sent an invalid answer");
    }
}

std::vector<DecodedCode> PhotoLink::decode(std::span<const unsigned char> image) {
    requireBounded(image);
    const auto answer =
        ask<Codes>([&] { return Photo{std::string(image.begin(), image.end())}; }, maxReplyBytes);
    std::vector<DecodedCode> result;
    for (const WireCode& code : answer.codes)
        result.push_back(decoded(code));
    return result;
}

std::vector<std::string> PhotoLink::shrink(std::span<const unsigned char> image,
                                           std::span<const KeptSize> sizes) {
    requireBounded(image);
    auto answer = ask<Pictures>(
        [&] {
            Shrink job{std::string(image.begin(), image.end()), {}};
            for (const KeptSize& size : sizes)
                job.sizes.push_back({size.edge_px, static_cast<std::int32_t>(size.most_bytes)});
            return job;
        },
        maxPicturesBytes);
    bool as_asked = answer.jpegs.size() == sizes.size();
    for (std::size_t i = 0; as_asked && i < sizes.size(); ++i)
        as_asked = answer.jpegs[i].starts_with("\xFF\xD8\xFF") &&
                   answer.jpegs[i].size() <= sizes[i].most_bytes;
    if (!as_asked)
        throw Error(ErrorCode::unavailable, "the image reader sent an invalid answer");
    return std::move(answer.jpegs);
}

} // namespace gatefold::vision_link
