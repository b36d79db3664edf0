#include "vision/voting.hpp"

#include <algorithm>

namespace gatefold::vision {

namespace {
constexpr std::size_t mostInView = 8;
}

bool Voting::agreed(const std::string& text) const {
    const auto same = std::count(window_.begin(), window_.end(), text);
    const auto none = std::count(window_.begin(), window_.end(), std::string());
    return same >= static_cast<std::ptrdiff_t>(equalReads) &&
           same + none == static_cast<std::ptrdiff_t>(window_.size());
}

Voting::InView* Voting::inView(const std::string& text, MonoTime at) {
    const auto found = std::find_if(scanned_.begin(), scanned_.end(),
                                    [&](const InView& each) { return each.text == text; });
    return found != scanned_.end() && at - found->seen <= outOfView ? &*found : nullptr;
}

void Voting::remember(const std::string& text, MonoTime at) {
    std::erase_if(scanned_, [&](const InView& each) { return each.text == text; });
    scanned_.push_back({text, at});
    if (scanned_.size() > mostInView)
        scanned_.pop_front();
}

std::optional<vision_link::WireCode> Voting::add(std::optional<vision_link::WireCode> read,
                                                 MonoTime at) {
    window_.push_back(read ? read->text : std::string());
    if (window_.size() > windowFrames)
        window_.pop_front();
    if (!read)
        return std::nullopt;
    if (InView* still = inView(read->text, at)) {
        still->seen = at;
        return std::nullopt;
    }
    if (!agreed(read->text))
        return std::nullopt;
    remember(read->text, at);
    return read;
}

} // namespace gatefold::vision
