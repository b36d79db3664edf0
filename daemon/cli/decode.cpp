#include "cli/commands.hpp"
#include "core/error.hpp"
#include "drivers/vision_link/photo_link.hpp"
#include "os/read_file.hpp"
#include "platform/locations.hpp"
#include "platform/logging.hpp"
#include "json/read.hpp"
#include "json/write.hpp"

#include <iostream>
#include <memory>

namespace gatefold::cli {

namespace {

constexpr std::size_t largestImage = 25'000'000;

/// One file's answer: its codes, or why there are none.
struct DecodedFile {
    std::string file;
    std::vector<DecodedCode> codes;
    Absent<std::string> error;
    static constexpr auto fields =
        fieldList(field("file", &DecodedFile::file), field("codes", &DecodedFile::codes),
                  field("error", &DecodedFile::error));
};

DecodedFile decodeFile(vision_link::PhotoLink& photos, const std::string& file) {
    DecodedFile decoded{file, {}, {}};
    try {
        const std::string bytes = os::readInput(file, largestImage);
        decoded.codes =
            photos.decode({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()});
    } catch (const Error& error) {
        decoded.error = error.message();
    }
    return decoded;
}

Exit decode(Context& context, const std::vector<std::string>& files) {
    platform::setUpLogging("off"); // the answer says why a photo was not read
    vision_link::PhotoLink photos(platform::visionProgram());
    std::vector<DecodedFile> decoded;
    bool failed = false;
    for (const std::string& file : files) {
        decoded.push_back(decodeFile(photos, file));
        failed = failed || decoded.back().error;
    }
    context.show(json::parse(json::write(decoded)), [&] {
        for (const DecodedFile& one : decoded) {
            if (one.error)
                std::cout << one.file << ": " << *one.error << '\n';
            else if (one.codes.empty())
                std::cout << one.file << ": no code was read\n";
            for (const DecodedCode& code : one.codes)
                std::cout << one.file << ": " << code.text << " (" << code.format << ")\n";
        }
    });
    return failed ? Exit::failed : Exit::done;
}

} // namespace

Command decodeCommand(Context& context) {
    auto files = std::make_shared<std::vector<std::string>>();
    return {.name = "decode",
            .help = "reads the barcodes in photos",
            .options = {{.name = "IMAGE",
                         .target = files.get(),
                         .help = "JPEG or PNG files",
                         .required = true}},
            .run = [&context, files] { return decode(context, *files); }};
}

} // namespace gatefold::cli
