#pragma once

#include "ports/answer_cache.hpp"
#include "store/connection.hpp"

#include <cstddef>
#include <filesystem>
#include <mutex>
#include <optional>

namespace gatefold::store {

/// Answers of online sources in `<folder>/answers.db`, a file of its own: what may be lost at any
/// time is in no backup and holds no scan up. Opened when it is first needed; a file that is
/// damaged, of another version or gone from beside its log is made anew. Any thread.
class AnswerFile final : public AnswerCache {
public:
    /// `most_bytes`: of all answers together; above it the oldest go.
    explicit AnswerFile(const std::filesystem::path& folder, std::size_t most_bytes = 16 << 20);

    std::optional<KeptAnswer> find(std::string_view source, std::string_view key) noexcept override;
    void keep(std::string_view source, std::string_view key,
              const KeptAnswer& answer) noexcept override;
    void forgetEnded(WallTime now) noexcept override;

private:
    template <class Work>
    void with(Work work) noexcept;
    Connection& opened();
    void removeFile();

    const std::filesystem::path file_;
    const std::size_t most_bytes_;
    std::mutex mutex_;
    std::optional<Connection> db_;
};

} // namespace gatefold::store
