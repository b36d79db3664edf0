#pragma once

#include "app/identification.hpp"
#include "app/listening.hpp"
#include "core/patch.hpp"
#include "ports/clock.hpp"
#include "ports/store.hpp"

namespace gatefold {

/// How a human settles an inbox item: exactly one member.
struct Resolution {
    Absent<ReleaseId> release_id;
    Patch<std::string> answer; ///< to the question; null = don't know
    Absent<bool> dismiss;
    static constexpr auto fields =
        fieldList(field("release_id", &Resolution::release_id),
                  field("answer", &Resolution::answer, "an answer's value; null: don't know"),
                  field("dismiss", &Resolution::dismiss));
};

/// What needs a human. Any thread.
class InboxDesk {
public:
    InboxDesk(UnitOfWork& store, const Clock& clock, const Identification& identification,
              Listening& listening);

    Page<InboxItem> open(const PageRequest& page) const;
    InboxItem item(InboxId id) const;
    /// A release settles the copy and the play session that wait, and teaches the code. Throws
    /// `notFound`, `conflict` (settled already), `invalid`. Returns the item as it was settled.
    InboxItem resolve(InboxId id, const Resolution& resolution);

private:
    InboxItem present(const ReadTx& tx, const InboxRow& row) const;

    UnitOfWork& store_;
    const Clock& clock_;
    const Identification& identification_;
    Listening& listening_;
};

} // namespace gatefold
