#include "catalogue/progress_file.hpp"

#include "json/read.hpp"
#include "json/write.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>

namespace gatefold::catalogue {

namespace {

using Steady = std::chrono::steady_clock;
constexpr auto interval = std::chrono::seconds(1);
constexpr std::size_t longestFile = 4096;

/// The document with whose it is.
struct Note {
    std::int64_t pid = 0;
    CatalogueProgress progress;
    static constexpr auto fields =
        fieldList(field("pid", &Note::pid), field("progress", &Note::progress));
};

std::filesystem::path fileOf(std::filesystem::path catalogue) {
    return catalogue += ".progress";
}

std::optional<Note> noteOf(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::array<char, longestFile> bytes;
    in.read(bytes.data(), bytes.size());
    if (in.gcount() == 0)
        return std::nullopt;
    return json::read<Note>(
        json::parse(std::string_view(bytes.data(), static_cast<std::size_t>(in.gcount()))));
}

bool lives(std::int64_t pid) {
    return pid > 0 && (::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM);
}

} // namespace

ProgressFile::ProgressFile(const std::filesystem::path& catalogue, CataloguePhase phase,
                           std::uint64_t startedAt)
    : path_(fileOf(catalogue)), phase_(phase), startedAt_(startedAt), began_(Steady::now()) {}

ProgressFile::~ProgressFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
}

void ProgressFile::show(std::uint64_t bytes, std::uint64_t total, std::uint64_t releases) {
    const auto now = Steady::now();
    if (now - shown_ < interval)
        return;
    shown_ = now;
    const double seconds = std::max(std::chrono::duration<double>(now - began_).count(), 0.001);
    Note note{::getpid(), {phase_, 0, 0, {}, static_cast<std::int64_t>(releases)}};
    CatalogueProgress& progress = note.progress;
    const auto done = static_cast<double>(bytes - std::min(bytes, startedAt_));
    progress.bytes_per_s = done / seconds;
    if (total > 0) {
        progress.share = std::min(1.0, static_cast<double>(bytes) / static_cast<double>(total));
        if (done > 0 && total >= bytes)
            progress.seconds_left =
                static_cast<std::int64_t>(static_cast<double>(total - bytes) * seconds / done);
    }
    // Readers see the old or the new one, never half of it.
    std::filesystem::path next = path_;
    next += ".new";
    std::error_code ignored;
    if (std::ofstream(next, std::ios::binary | std::ios::trunc) << json::write(note))
        std::filesystem::rename(next, path_, ignored);
    std::filesystem::remove(next, ignored);
}

std::optional<CatalogueProgress> progressOf(const std::filesystem::path& catalogue) noexcept {
    try {
        const auto note = noteOf(fileOf(catalogue));
        return note && lives(note->pid) ? std::optional(note->progress) : std::nullopt;
    } catch (const std::exception&) {
        return std::nullopt; // not ours, or of another version
    }
}

void removeStaleProgress(const std::filesystem::path& catalogue) noexcept {
    std::error_code ignored;
    if (!progressOf(catalogue))
        for (const char* ending : {".progress", ".progress.new"}) {
            std::filesystem::path path = catalogue;
            std::filesystem::remove(path += ending, ignored);
        }
}

} // namespace gatefold::catalogue
