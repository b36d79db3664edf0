#pragma once

#include "app/listening.hpp"
#include "app/write_check.hpp"
#include "ports/clock.hpp"
#include "ports/covers.hpp"
#include "ports/password_hasher.hpp"
#include "ports/store.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gatefold {

/// Covers of copies and releases: the pictures as files, who they belong to in the store. A photo
/// that the household took of its copy wins over what an online source gave. Any thread.
class Covers {
public:
    Covers(UnitOfWork& store, const Clock& clock, ImageShrinker& shrinker, CoverFiles& files,
           Secrets& secrets, Listening& listening);

    /// The household's own photo of a copy. `image`: a JPEG or PNG file. Throws `notFound`, and as
    /// the shrinker, the files and `check` do.
    CopyView setOfCopy(CopyId copy, std::string_view image, const WriteCheck& check);
    /// Takes the photo away again; the release's cover, if there is one, is shown from then on.
    /// Throws `notFound`.
    CopyView removeOfCopy(CopyId copy);
    /// A cover that an online source gave for a release of the store. `ends_at`: until when that
    /// source lets it be kept; none: for good. Throws as the shrinker and the files do.
    void setOfRelease(ReleaseId release, std::string_view image, std::string_view source,
                      std::optional<WallTime> ends_at);
    /// Takes away what may be kept no longer, and deletes the files that nothing uses.
    void tidy();

private:
    std::string keepFiles(std::string_view image);
    void tell(Tx& tx, Listening::Change& change, ReleaseId release, std::optional<CopyId> copy,
              WallTime now);

    UnitOfWork& store_;
    const Clock& clock_;
    ImageShrinker& shrinker_;
    CoverFiles& files_;
    Secrets& secrets_;
    Listening& listening_;
};

} // namespace gatefold
