#include "drivers/hid_scanner/report_reader.hpp"

#include "drivers/hid_scanner/keyboard_report.hpp"
#include "drivers/hid_scanner/layouts.hpp"
#include "drivers/hid_scanner/line_assembler.hpp"
#include "drivers/hid_scanner/typing_pace.hpp"
#include "drivers/scanner_common/aim.hpp"

#include <utility>

namespace gatefold::drivers {

namespace {

class KeyboardReader final : public ReportReader {
public:
    KeyboardReader(std::vector<KeyboardFormat> formats, ReaderOptions options)
        : decoder_(std::move(formats)), options_(std::move(options)) {}

    void read(std::span<const std::uint8_t> report, MonoTime now, Findings& findings) override {
        strokes_.clear();
        if (decoder_.read(report, strokes_) == KeyboardDecoder::Verdict::undecodable)
            ++undecodable_;
        for (const Stroke& stroke : strokes_) {
            pace_.press(now);
            if (auto code = lines_.take(stroke, now))
                finish(*code, findings);
        }
    }

    std::optional<MonoTime> deadline() const override { return lines_.deadline(); }

    void idle(MonoTime now, Findings& findings) override {
        if (auto code = lines_.idle(now))
            finish(*code, findings);
    }

    void reset() override {
        decoder_.reset();
        lines_.reset();
    }

    std::size_t undecodable() const override { return undecodable_; }
    bool typedByHand() const override { return options_.on_trial && pace_.byHand(); }

private:
    void finish(std::span<const Stroke> code, Findings& findings) {
        if (!pace_.endCode() && options_.on_trial)
            return;
        if (auto test = readLayoutTest(code)) {
            findings.emplace_back(std::move(*test));
            return;
        }
        const Layout* layout = findLayout(options_.layout());
        const std::string text = textOf(code, layout != nullptr ? *layout : layouts().front());
        const AimSplit split = splitAim(withinBound(text));
        if (!split.text.empty())
            findings.emplace_back(
                TextCode{std::string(split.text), split.symbology, lostItsSeparators(text)});
    }

    KeyboardDecoder decoder_;
    ReaderOptions options_;
    LineAssembler lines_;
    TypingPace pace_;
    std::vector<Stroke> strokes_;
    std::size_t undecodable_ = 0;
};

class HidPosReader final : public ReportReader {
public:
    explicit HidPosReader(HidPosAssembler assembler) : assembler_(std::move(assembler)) {}

    void read(std::span<const std::uint8_t> report, MonoTime now, Findings& findings) override {
        if (auto code = assembler_.read(report, now))
            findings.emplace_back(std::move(*code));
    }

    std::optional<MonoTime> deadline() const override { return assembler_.deadline(); }

    void idle(MonoTime now, Findings& findings) override {
        if (auto code = assembler_.idle(now))
            findings.emplace_back(std::move(*code));
    }

    void reset() override { assembler_.reset(); }
    std::size_t undecodable() const override { return assembler_.undecodable(); }

private:
    HidPosAssembler assembler_;
};

} // namespace

std::unique_ptr<ReportReader>
makeReportReader(Protocol protocol, const ReportDescriptor& descriptor, ReaderOptions options) {
    if (protocol == Protocol::lengthPrefixed)
        return std::make_unique<HidPosReader>(
            HidPosAssembler({lengthPrefixedFormat(options.packet_size)}));
    if (protocol == Protocol::hidPos) {
        auto formats = hidPosFormats(descriptor);
        return formats.empty() ? nullptr
                               : std::make_unique<HidPosReader>(
                                     HidPosAssembler(std::move(formats), options.honeywell_ids));
    }
    auto formats = keyboardFormats(descriptor);
    return formats.empty()
               ? nullptr
               : std::make_unique<KeyboardReader>(std::move(formats), std::move(options));
}

} // namespace gatefold::drivers
