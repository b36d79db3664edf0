/// Sessions of real scanners recorded with usbmon: the folder "scanners" of GATEFOLD_TEST_DATA
/// holds NAME.pcap (docs/hardware.md says how it is made) and NAME.txt with the codes, one a line.
/// They are read with the pauses they came with.
#include "drivers/hid_scanner/recognition.hpp"
#include "drivers/hid_scanner/report_reader.hpp"
#include "tests/support/skipped.hpp"

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

using namespace gatefold;
using namespace gatefold::drivers;

namespace {

using Bytes = std::vector<std::uint8_t>;

/// A record of usbmon, as in the kernel's documentation (usb/usbmon, struct usbmon_packet).
struct Packet {
    std::uint64_t id;
    char type; ///< 'S' submitted, 'C' completed
    std::uint8_t transfer, endpoint, device;
    std::int64_t at_ms;
    std::int32_t status;
    Bytes setup, data;
};
constexpr std::uint8_t interruptTransfer = 1, controlTransfer = 2, in = 0x80;

template <typename Number>
Number numberAt(const Bytes& bytes, std::size_t at) {
    Number number{};
    if (at + sizeof number <= bytes.size())
        std::memcpy(&number, bytes.data() + at, sizeof number);
    return number;
}

/// The records of a capture with 64-byte headers (LINKTYPE_USB_LINUX_MMAPPED); empty for another
/// file.
std::vector<Packet> readCapture(const std::filesystem::path& path) {
    constexpr std::size_t fileHeader = 24, recordHeader = 16, usbHeader = 64;
    constexpr std::uint32_t magic = 0xA1B2C3D4, usbMapped = 220;
    std::ifstream file(path, std::ios::binary);
    const Bytes bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    std::vector<Packet> packets;
    if (numberAt<std::uint32_t>(bytes, 0) != magic ||
        numberAt<std::uint32_t>(bytes, 20) != usbMapped)
        return packets;
    for (std::size_t at = fileHeader; at + recordHeader + usbHeader <= bytes.size();) {
        const std::size_t head = at + recordHeader;
        const std::size_t length = numberAt<std::uint32_t>(bytes, at + 8);
        if (length < usbHeader || length > bytes.size() - head)
            break;
        const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(head);
        packets.push_back({numberAt<std::uint64_t>(bytes, head), static_cast<char>(bytes[head + 8]),
                           bytes[head + 9], bytes[head + 10], bytes[head + 11],
                           numberAt<std::int64_t>(bytes, head + 16) * 1000 +
                               numberAt<std::int32_t>(bytes, head + 24) / 1000,
                           numberAt<std::int32_t>(bytes, head + 28), Bytes(begin + 40, begin + 48),
                           Bytes(begin + usbHeader, begin + static_cast<std::ptrdiff_t>(length))});
        at = head + length;
    }
    return packets;
}

/// Report descriptors by device, from the answers to requests for them.
std::map<int, ReportDescriptor> descriptorsIn(const std::vector<Packet>& packets) {
    std::map<int, ReportDescriptor> found;
    std::map<std::uint64_t, bool> asked;
    for (const Packet& packet : packets) {
        if (packet.transfer != controlTransfer)
            continue;
        if (packet.type == 'S')
            asked[packet.id] = packet.setup[0] == 0x81 && packet.setup[1] == 6 &&
                               packet.setup[3] == 0x22; // GET_DESCRIPTOR, report
        else if (asked[packet.id])
            if (auto descriptor = parseReportDescriptor(packet.data))
                found.insert_or_assign(packet.device, *std::move(descriptor));
    }
    return found;
}

std::vector<std::string> codesIn(const std::vector<Packet>& packets) {
    std::map<int, std::unique_ptr<ReportReader>> readers;
    for (const auto& [device, descriptor] : descriptorsIn(packets))
        readers[device] = makeReportReader(descriptor.has(barCodeScannerUsage) ? Protocol::hidPos
                                                                               : Protocol::keyboard,
                                           descriptor, {[] { return std::string("us"); }});
    Findings findings;
    const auto idle = [&](MonoTime now) {
        for (const auto& [device, reader] : readers)
            if (reader)
                reader->idle(now, findings);
    };
    MonoTime now{};
    for (const Packet& packet : packets) {
        const auto reader = readers.find(packet.device);
        if (packet.type != 'C' || packet.transfer != interruptTransfer || packet.status != 0 ||
            (packet.endpoint & in) == 0 || reader == readers.end() || !reader->second)
            continue;
        now = MonoTime(Millis(packet.at_ms));
        idle(now);
        reader->second->read(packet.data, now, findings);
    }
    idle(now + std::chrono::seconds(10));
    std::vector<std::string> codes;
    for (const Finding& finding : findings)
        if (const auto* code = std::get_if<TextCode>(&finding))
            codes.push_back(code->bytes);
    return codes;
}

} // namespace

BOOST_AUTO_TEST_CASE(recorded_scanners_are_read_as_their_owners_say) {
    int played = 0;
    for (const auto& entry : std::filesystem::directory_iterator(test::testData("scanners"))) {
        std::filesystem::path path = entry.path();
        if (path.extension() != ".pcap")
            continue;
        const std::vector<std::string> codes = codesIn(readCapture(path));
        std::ifstream text(path.replace_extension(".txt"));
        std::vector<std::string> expected;
        for (std::string line; std::getline(text, line);)
            expected.push_back(line);
        BOOST_TEST_CONTEXT(path.stem().string()) {
            BOOST_TEST(!expected.empty());
            BOOST_TEST(codes == expected, boost::test_tools::per_element());
        }
        ++played;
    }
    BOOST_TEST(played > 0);
}
