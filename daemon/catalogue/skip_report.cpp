#include "catalogue/skip_report.hpp"

#include "core/error.hpp"
#include "os/atomic_file.hpp"

namespace gatefold::catalogue {

SkipReport::SkipReport(const std::filesystem::path& path)
    : path_(path), out_(path, std::ios::trunc) {
    out_ << "offset\trelease_id\treason\n";
}

void SkipReport::add(const std::vector<SkippedRelease>& skipped) {
    for (const SkippedRelease& one : skipped) {
        if (lines_ == 0)
            firstReason_ = one.reason;
        if (++lines_ <= maxLines)
            out_ << one.offset << '\t' << one.release_id << '\t' << one.reason << '\n';
    }
}

void SkipReport::finish(const std::filesystem::path& final) {
    if (lines_ > maxLines)
        out_ << "\t\tand " << lines_ - maxLines << " more\n";
    out_.close();
    if (!out_)
        throw Error(ErrorCode::diskFull,
                    "cannot write the report of left-out releases: is the disk full?");
    if (lines_ > 0) {
        os::replaceFile(path_, final);
    } else {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
        std::filesystem::remove(final, ignored);
    }
}

} // namespace gatefold::catalogue
