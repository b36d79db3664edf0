#include "drivers/vision_link/protocol.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace gatefold::vision_link {
namespace {

using namespace std::string_literals;

constexpr std::size_t limit = 1000;

/// What comes out of a reader that is fed `bytes`, one at a time.
std::vector<Message> readAll(const std::string& bytes) {
    FrameReader reader(limit);
    std::vector<Message> messages;
    for (const char byte : bytes) {
        reader.feed({&byte, 1});
        while (auto message = reader.next())
            messages.push_back(*message);
    }
    return messages;
}

const std::vector<Message> samples{
    Configure{{{"folder:/srv/frames", "0017.jpg"}, {"video:/dev/video0", ""}}},
    Photo{"\xFF\xD8\0bytes"s},
    Codes{{{CodeFormat::upcE, "01234565", {{1, -2}, {300, 4}, {300, 90}, {1, 90}}},
           {CodeFormat::qr, "", {}}}},
    Refused{RefusalReason::tooLarge, "a photo has at most 50 megapixels"},
    CameraStatus{"video-1-1.3-1.0", "video:/dev/video0", "HD Camera", "", true, true},
    CameraScan{"folder-srv", {CodeFormat::ean13, "5099902894225", {}}},
    FrameStarted{"folder:/srv", "0018.jpg"},
    Shrink{"\xFF\xD8\0bytes"s, {{160, 30'000}, {1000, 600'000}}},
    Pictures{{"\xFF\xD8one", "\xFF\xD8\0two"s}},
    LookAt{"\xFF\xD8\0bytes"s, true, 640, 480, 1280, 7},
};

BOOST_AUTO_TEST_SUITE(protocol)

BOOST_AUTO_TEST_CASE(every_message_arrives_as_it_was_sent_however_it_is_cut) {
    std::string stream;
    for (const Message& message : samples)
        stream += encode(message);
    BOOST_TEST((readAll(stream) == samples));
}

BOOST_AUTO_TEST_CASE(the_bytes_of_a_message_are_fixed) {
    BOOST_TEST(encode(FrameStarted{"f", "12"}) == "\x0d\0\0\0\x01\x06\x01\0\0\0f\x02\0\0\0"
                                                  "12"s);
    BOOST_TEST(
        encode(Codes{{{CodeFormat::qr, "A", {{-1, 258}}}}}) ==
        "\x18\0\0\0\x01\x02\x01\0\0\0\x04\x01\0\0\0A\x01\0\0\0\xff\xff\xff\xff\x02\x01\0\0"s);
}

BOOST_AUTO_TEST_CASE(broken_frames_are_refused) {
    for (const std::string& bytes : {
             "\x01\0\0\0\x01"s,                      // too short to have a type
             "\xff\xff\xff\xff"s,                    // longer than the bound
             "\x02\0\0\0\x09\x00"s,                  // another version
             "\x02\0\0\0\x01\x63"s,                  // an unknown type
             "\x03\0\0\0\x01\x06\x05"s,              // a number cut off
             "\x06\0\0\0\x01\x06\xff\xff\xff\xff"s,  // a text longer than its message
             "\x06\0\0\0\x01\x02\xff\xff\xff\x7f"s,  // a list longer than its message
             "\x07\0\0\0\x01\x03\x09\0\0\0\0"s,      // a reason that does not exist
             "\x0b\0\0\0\x01\x06\0\0\0\0\0\0\0\0x"s, // something behind the last member
         }) {
        BOOST_TEST_INFO_SCOPE(bytes.size());
        BOOST_CHECK_THROW(readAll(bytes), WireError);
    }
}

BOOST_AUTO_TEST_CASE(half_a_message_is_waited_for) {
    const std::string frame = encode(samples[0]);
    BOOST_TEST(readAll(frame.substr(0, frame.size() - 1)).empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace gatefold::vision_link
