#include "vision/frame_decoder.hpp"

#include "drivers/vision_link/limits.hpp"

#include "core/error.hpp"

#include <poll.h>

#include <csignal>
#include <string>
#include <utility>

namespace gatefold::vision {

namespace {

using Steady = std::chrono::steady_clock;
using namespace vision_link;

LookAt questionOf(const Frame& frame, std::size_t pass) {
    LookAt question;
    if (frame.repeat == 0)
        question.bytes.assign(frame.bytes.begin(), frame.bytes.end());
    question.yuyv = frame.form == Frame::Form::yuyv;
    question.width = frame.width;
    question.height = frame.height;
    question.stride = frame.stride;
    question.pass = static_cast<std::int32_t>(pass);
    return question;
}

} // namespace

FrameDecoder::FrameDecoder(std::filesystem::path program, std::chrono::milliseconds max_work)
    : program_(std::move(program)), max_work_(max_work) {}

void FrameDecoder::drop(const std::string& why) {
    child_.reset();
    throw FrameDropped(why);
}

Codes FrameDecoder::answer(Deadline deadline) {
    for (;;) {
        if (auto message = child_->next()) {
            if (auto* codes = std::get_if<Codes>(&*message))
                return std::move(*codes);
            drop("the decoder sent an invalid answer");
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Steady::now());
        pollfd entry{child_->fd(), POLLIN, 0};
        if (left.count() <= 0 || ::poll(&entry, 1, static_cast<int>(left.count())) == 0)
            drop("the decoder did not answer");
        if (child_->takeIn())
            continue;
        const auto ending = child_->ending();
        drop(ending.signal == SIGPROF
                 ? "it took more than " + std::to_string(max_work_.count()) + " ms of work"
                 : "the decoder " + ending.text);
    }
}

std::optional<WireCode> FrameDecoder::look(const Frame& frame, std::size_t pass) {
    if (frame.repeat > 0 && !child_)
        return std::nullopt;
    if (frame.bytes.size() > maxPhotoBytes)
        return std::nullopt;
    if (!child_)
        child_.emplace(program_,
                       std::vector{std::string("frames"), std::to_string(max_work_.count())},
                       frameLimits);
    const auto deadline = Steady::now() + maxFrameTime;
    try {
        child_->send(questionOf(frame, pass), deadline);
        Codes found = answer(deadline);
        if (found.codes.empty())
            return std::nullopt;
        return std::move(found.codes.front());
    } catch (const WireError& error) {
        drop(std::string("the decoder sent an invalid answer: ") + error.what());
    } catch (const Error& error) {
        drop(error.message());
    }
}

} // namespace gatefold::vision
