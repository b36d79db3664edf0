#pragma once

#include "drivers/vision_link/limits.hpp"
#include "drivers/vision_link/photo_queue.hpp"

#include "ports/covers.hpp"
#include "ports/photo_decoder.hpp"

#include <chrono>
#include <filesystem>

namespace gatefold::vision_link {

/// Reads each photo, and shrinks each picture, in a `gatefold-vision` of its own, so that a hostile
/// image ends nothing but that process, and no photo waits for another's crash. For the daemon and
/// for `gatefold decode`. Any thread.
class PhotoLink : public PhotoDecoder, public ImageShrinker {
public:
    /// `program` is the path of `gatefold-vision`. A photo that takes longer than `timeout` is
    /// given up and its process killed; one that has taken more processor time than `prompt_work`
    /// is slow (PhotoQueue), one that then has taken more than `hopeless_work` is refused for good.
    explicit PhotoLink(std::filesystem::path program,
                       std::chrono::milliseconds timeout = std::chrono::seconds(20),
                       std::chrono::milliseconds prompt_work = promptPhotoWork,
                       std::chrono::milliseconds hopeless_work = hopelessPhotoWork);
    /// As the port says; `tooLarge` also when the photo works until the timeout. RetryLater
    /// `unavailable` when no place is free within the timeout, when the photo makes room for
    /// another one, and once this was stopped.
    std::vector<DecodedCode> decode(std::span<const unsigned char> image) override;
    std::vector<std::string> shrink(std::span<const unsigned char> image,
                                    std::span<const KeptSize> sizes) override;
    /// Ends all photos that are read or wait, and refuses new ones, so that nobody waits for them.
    void stop() { queue_.stop(); }

private:
    /// Asks a fresh process; `question` makes the message once it is our turn. An `Answer` is what
    /// this message is answered with.
    template <class Answer, class Question>
    Answer ask(const Question& question, std::size_t most_reply_bytes);

    std::filesystem::path program_;
    std::chrono::milliseconds timeout_, prompt_work_, hopeless_work_;
    PhotoQueue queue_;
};

} // namespace gatefold::vision_link
