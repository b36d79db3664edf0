#pragma once

#include "core/fields.hpp"
#include "ports/records.hpp"
#include "ports/store.hpp"

#include <optional>
#include <string>
#include <vector>

/// What online sources found for a code that nobody in the house knows.
namespace gatefold {

/// A release that a source gave for a code; its facts are in the store.
struct OnlineHit {
    ReleaseId release_id = 0;
    MatchKind match = MatchKind::exact;
    Absent<std::string> mbid; ///< where the source knows it by this alone
    static constexpr auto fields =
        fieldList(field("release_id", &OnlineHit::release_id), field("match", &OnlineHit::match),
                  field("mbid", &OnlineHit::mbid));
};

/// The code's GTIN, when it is one: what sources are asked for.
std::optional<Gtin> gtinOf(const std::string& code);
/// The subject under which answers for a GTIN are kept.
std::string codeSubject(Gtin gtin);
/// The hits of a kept answer.
std::vector<OnlineHit> hitsOf(const OnlineAsk& ask);

/// Adds what the sources found for a code to its inbox item, exact ones first, with the notices
/// that have to stand beside it. What may not be shown any more at `now` is left out.
void addOnlineCandidates(const ReadTx& tx, const std::string& code, WallTime now, InboxItem& item);

} // namespace gatefold
