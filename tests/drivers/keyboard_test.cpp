/// Key reports to codes, byte by byte as recorded from scanners.
#include "drivers/hid_scanner/keyboard_report.hpp"
#include "drivers/hid_scanner/line_assembler.hpp"
#include "drivers/hid_scanner/report_reader.hpp"
#include "drivers/hid_scanner/typing_pace.hpp"
#include "tests/drivers/moments.hpp"
#include "tests/drivers/scanner_models.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;
using namespace gatefold::drivers;
using namespace gatefold::test;

namespace {

/// A reader as the driver makes it, fed with reports 2 ms apart.
class Feed {
public:
    explicit Feed(const Bytes& descriptor = keyboardDescriptor(), std::string layout = "us",
                  bool on_trial = false)
        : reader_(makeReportReader(Protocol::keyboard, *parseReportDescriptor(descriptor),
                                   {[layout] { return layout; }, on_trial, false, 8})) {}

    Feed& report(const Bytes& bytes) {
        now_ += 2;
        reader_->read(bytes, at(now_), findings_);
        return *this;
    }
    Feed& reports(const std::vector<EmulatedReport>& all) {
        for (const EmulatedReport& one : all)
            report(one.bytes);
        return *this;
    }
    Feed& wait(int ms) {
        now_ += ms;
        reader_->idle(at(now_), findings_);
        return *this;
    }
    std::vector<std::string> codes() const {
        std::vector<std::string> result;
        for (const Finding& finding : findings_)
            if (const auto* code = std::get_if<TextCode>(&finding))
                result.push_back(code->bytes);
        return result;
    }
    std::string code() const {
        return codes().size() == 1 ? codes()[0] : std::to_string(codes().size()) + " codes";
    }
    ReportReader& reader() { return *reader_; }

private:
    std::unique_ptr<ReportReader> reader_;
    Findings findings_;
    int now_ = 0;
};

constexpr std::uint8_t none = 0;

} // namespace

BOOST_AUTO_TEST_SUITE(keyboard)

BOOST_AUTO_TEST_CASE(press_and_release_make_one_character) {
    // "12" Enter.
    Feed feed;
    feed.report({0, 0, 0x1E, 0, 0, 0, 0, 0}).report({0, 0, 0, 0, 0, 0, 0, 0});
    feed.report({0, 0, 0x1F, 0, 0, 0, 0, 0}).report({0, 0, 0, 0, 0, 0, 0, 0});
    feed.report({0, 0, 0x28, 0, 0, 0, 0, 0}).report({0, 0, 0, 0, 0, 0, 0, 0});
    BOOST_TEST(feed.code() == "12");
}

BOOST_AUTO_TEST_CASE(a_held_key_counts_once_and_rolling_keys_each_once) {
    // A scanner that does not release between different keys: 5, 5+6, 6, 6+7, Enter.
    Feed feed;
    feed.report({0, 0, 0x22, 0, 0, 0, 0, 0}).report({0, 0, 0x22, 0x23, 0, 0, 0, 0});
    feed.report({0, 0, 0x23, 0, 0, 0, 0, 0}).report({0, 0, 0x23, 0x24, 0, 0, 0, 0});
    feed.report({0, 0, 0x28, 0, 0, 0, 0, 0});
    BOOST_TEST(feed.code() == "567");
}

BOOST_AUTO_TEST_CASE(several_keys_in_one_report_keep_their_order) {
    Feed feed;
    feed.report({0, 0, 0x27, 0x26, 0x25, 0x24, 0x23, 0x22}).report({0, 0, 0, 0, 0, 0, 0, 0});
    feed.report({0, 0, 0x58, 0, 0, 0, 0, 0}); // keypad Enter
    BOOST_TEST(feed.code() == "098765");
}

BOOST_AUTO_TEST_CASE(rollover_reports_say_nothing) {
    Feed feed;
    feed.report({0, 0, 0x04, 0, 0, 0, 0, 0}).report({0, 0, 1, 1, 1, 1, 1, 1});
    feed.report({0, 0, 0x04, 0, 0, 0, 0, 0}); // still held
    feed.report({0, 0, 0, 0, 0, 0, 0, 0}).report({0, 0, 0x28, 0, 0, 0, 0, 0});
    BOOST_TEST(feed.code() == "a");
}

BOOST_AUTO_TEST_CASE(alt_mode_as_recorded_gives_characters_by_number) {
    // "S" as Alt + keypad 0, 8, 3 in one report, "I" (073), "P" (080) key by key, "-4" (045, 052),
    // Enter.
    Feed feed;
    feed.report({0x04, 0, 0x62, 0x60, 0x5B, 0, 0, 0}).report({0, 0, 0, 0, 0, 0, 0, 0});
    for (const std::uint8_t key : {0x62, 0x5F, 0x5B})
        feed.report({0x04, 0, key, 0, 0, 0, 0, 0}).report({0x04, 0, 0, 0, 0, 0, 0, 0});
    feed.report({0, 0, 0, 0, 0, 0, 0, 0});
    feed.report({0x04, 0, 0x62, 0x60, 0, 0, 0, 0}).report({0x04, 0, 0, 0, 0, 0, 0, 0});
    feed.report({0x04, 0, 0x62, 0, 0, 0, 0, 0}).report({0, 0, 0, 0, 0, 0, 0, 0});
    feed.report({0x04, 0, 0x62, 0x5C, 0x5D, 0, 0, 0}).report({0, 0, 0, 0, 0, 0, 0, 0});
    feed.report({0x04, 0, 0x62, 0x5D, 0x5A, 0, 0, 0}).report({0, 0, 0, 0, 0, 0, 0, 0});
    feed.report({0, 0, 0x28, 0, 0, 0, 0, 0});
    BOOST_TEST(feed.code() == "SIP-4");
}

BOOST_AUTO_TEST_CASE(alt_mode_can_send_the_end_and_control_characters) {
    Feed feed;
    feed.report({0x04, 0, 0x62, 0x5A, 0x61, 0, 0, 0}).report({0, 0, 0, 0, 0, 0, 0, 0}); // 029 = GS
    feed.report({0x04, 0, 0x62, 0x59, 0x5B, 0, 0, 0}).report({0, 0, 0, 0, 0, 0, 0, 0}); // 013 = CR
    BOOST_TEST(feed.code() == "\x1d");
}

BOOST_AUTO_TEST_CASE(control_characters_come_as_ctrl_and_a_key) {
    Feed feed;
    feed.reports(keyReports("01"))
        .report({0x01, 0, 0x30, 0, 0, 0, 0, 0})
        .report({0, 0, 0, 0, 0, 0, 0, 0});
    feed.reports(keyReports("21\r")); // Ctrl+] is GS
    BOOST_TEST(feed.code() == "01\x1d"
                              "21");
}

BOOST_AUTO_TEST_CASE(lock_keys_say_nothing_and_unknown_keys_are_shown_as_unknown) {
    Feed locks;
    locks.report({0, 0, 0x39, 0, 0, 0, 0, 0})
        .report({0, 0, 0, 0, 0, 0, 0, 0})
        .reports(keyReports("A1\r"));
    BOOST_TEST(locks.code() == "A1");
    Feed unknown;
    unknown.report({0, 0, 0x3A, 0, 0, 0, 0, 0})
        .report({0, 0, 0, 0, 0, 0, 0, 0})
        .reports(keyReports("A1\r")); // F1
    BOOST_TEST(unknown.code() == "\xEF\xBF\xBD"
                                 "A1");
}

BOOST_AUTO_TEST_CASE(reports_with_an_id_are_read_and_others_of_the_device_left_out) {
    Feed feed(keyboardDescriptorWithReportId());
    feed.report({1, 0, 0, 0x1E, 0, 0, 0, 0, 0}).report({1, 0, 0, 0, 0, 0, 0, 0, 0});
    feed.report({3, 0xE9, 0x00}); // volume up
    feed.report({1, 0, 0, 0x28, 0, 0, 0, 0, 0});
    BOOST_TEST(feed.code() == "1");
    BOOST_TEST(feed.reader().undecodable() == 1U);
}

BOOST_AUTO_TEST_CASE(a_bitmap_of_keys_is_read) {
    // Modifiers and 104 keys, one bit each (n-key rollover).
    const Bytes descriptor{0x05, 0x01, 0x09, 0x06, 0xA1, 0x01, 0x05, 0x07, 0x19,
                           0xE0, 0x29, 0xE7, 0x75, 0x01, 0x95, 0x08, 0x81, 0x02,
                           0x19, 0x00, 0x29, 0x67, 0x95, 0x68, 0x81, 0x02, 0xC0};
    Feed feed(descriptor);
    const auto pressed = [](int usage, std::uint8_t modifiers) {
        Bytes report(14);
        report[0] = modifiers;
        report[static_cast<std::size_t>(1 + usage / 8)] =
            static_cast<std::uint8_t>(1 << (usage % 8));
        return report;
    };
    feed.report(pressed(0x04, 0x02))
        .report(Bytes(14))
        .report(pressed(0x1E, none))
        .report(Bytes(14))
        .report(pressed(0x28, none));
    BOOST_TEST(feed.code() == "A1");
}

BOOST_AUTO_TEST_CASE(garbage_is_counted_and_does_no_harm) {
    Feed feed;
    feed.report({})
        .report({0x00})
        .report({0, 0})
        .report(Bytes(100, 0xAA))
        .report(Bytes(4096, 0xFF));
    BOOST_TEST(feed.reader().undecodable() == 5U);
    feed.reports(keyReports("fine\r"));
    BOOST_TEST(feed.code() == "fine");
}

BOOST_AUTO_TEST_CASE(silence_ends_a_code_sooner_when_no_end_key_was_ever_seen) {
    Feed feed;
    feed.reports(keyReports("first")).wait(197); // the last key went down 2 ms before its release
    BOOST_TEST(feed.codes().empty());
    feed.wait(1);
    BOOST_TEST(feed.code() == "first");
    feed.reports(keyReports("second\r")).reports(keyReports("third")).wait(597);
    BOOST_TEST(feed.codes().size() == 2U);
    feed.wait(1);
    BOOST_TEST(feed.codes().size() == 3U);
}

BOOST_AUTO_TEST_CASE(end_keys_without_a_code_are_no_code) {
    Feed feed;
    feed.reports(keyReports("\r\t\r")).reports(keyReports("a\r\t")).wait(1000);
    BOOST_TEST(feed.code() == "a");
}

BOOST_AUTO_TEST_CASE(an_endless_code_is_given_out_once) {
    Feed feed;
    feed.reports(keyReports(std::string(10'000, '7'))).wait(1000).reports(keyReports("next\r"));
    BOOST_REQUIRE(feed.codes().size() == 2U);
    BOOST_TEST(feed.codes()[0] == std::string(4096, '7'));
    BOOST_TEST(feed.codes()[1] == "next");
}

BOOST_AUTO_TEST_CASE(a_reset_drops_the_open_code_and_held_keys) {
    Feed feed;
    feed.reports(keyReports("half")).report({0, 0, 0x1E, 0, 0, 0, 0, 0});
    feed.reader().reset();
    feed.report({0, 0, 0x1E, 0, 0, 0, 0, 0}).report({0, 0, 0x28, 0, 0, 0, 0, 0});
    BOOST_TEST(feed.code() == "1");
}

BOOST_AUTO_TEST_CASE(an_aim_id_in_front_of_digits_is_taken_off) {
    Feed feed;
    feed.reports(keyReports("]E00075992731312\r"));
    BOOST_TEST(feed.code() == "0075992731312");
    Feed text;
    text.reports(keyReports("]C1 live\r"));
    BOOST_TEST(text.code() == "]C1 live");
}

BOOST_AUTO_TEST_CASE(a_person_is_told_from_a_scanner_by_the_pace) {
    TypingPace person;
    int now = 0;
    for (int i = 0; i < 15; ++i)
        person.press(at(now += 110 + 20 * (i % 4)));
    BOOST_TEST(person.byHand());
    BOOST_TEST(!person.endCode());

    TypingPace scanner;
    for (int code = 0; code < 20; ++code) {
        for (int i = 0; i < 13; ++i)
            scanner.press(at(now += 4));
        BOOST_TEST(scanner.endCode());
        now += 900;
    }
    BOOST_TEST(!scanner.byHand());

    TypingPace slow_scanner; // 40 ms between keys, its slowest setting on most models
    for (int i = 0; i < 13; ++i)
        slow_scanner.press(at(now += 40));
    BOOST_TEST(slow_scanner.endCode());
}

BOOST_AUTO_TEST_CASE(what_a_person_types_on_a_device_on_trial_is_no_scan) {
    Feed feed(keyboardDescriptor(), "us", true);
    for (const char c : std::string("password"))
        feed.reports(keyReports(std::string(1, c))).wait(110);
    feed.reports(keyReports("\r")).wait(1000);
    BOOST_TEST(feed.codes().empty());
    feed.reports(keyReports("0075992731312\r"));
    BOOST_TEST(feed.code() == "0075992731312");
}

BOOST_AUTO_TEST_SUITE_END()
