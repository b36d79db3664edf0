#pragma once

#include "app/identification.hpp"
#include "app/listening.hpp"
#include "core/patch.hpp"
#include "core/question.hpp"
#include "ports/clock.hpp"
#include "ports/store.hpp"

namespace gatefold {

/// What a human says to an inbox item: exactly one of `release_id`, `answer`, `dismiss`, `again`.
struct Resolution {
    Absent<ReleaseId> release_id;
    Patch<std::string> answer;   ///< to the question; null = don't know
    Absent<QuestionField> field; ///< with `answer`: the question that it answers
    Absent<bool> dismiss;
    Absent<bool> again; ///< takes all answers back, and what the item was settled as
    static constexpr auto fields = fieldList(
        gatefold::field("release_id", &Resolution::release_id),
        gatefold::field("answer", &Resolution::answer, "an answer's value; null: don't know"),
        gatefold::field("field", &Resolution::field,
                        "with answer: the question meant; 409 when another one is asked by now"),
        gatefold::field("dismiss", &Resolution::dismiss),
        gatefold::field("again", &Resolution::again, "takes all answers back and asks anew"));
};

/// What needs a human. Any thread.
class InboxDesk {
public:
    InboxDesk(UnitOfWork& store, const Clock& clock, const Identification& identification,
              Listening& listening);

    Page<InboxItem> open(const PageRequest& page) const;
    InboxItem item(InboxId id) const;
    /// A release settles the copy and the play sessions that wait, and teaches the code, or puts a
    /// blank label on a copy of it; so does an answer that leaves one candidate. Any other answer
    /// rules candidates out; null asks about another field. Throws `notFound`, `conflict` (settled
    /// already, another question is asked), `invalid`. Returns the item as it is then.
    InboxItem resolve(InboxId id, const Resolution& resolution);

private:
    InboxItem present(const ReadTx& tx, const InboxRow& row) const;
    void answer(Tx& tx, Listening::Change& change, const InboxRow& row,
                const Resolution& resolution, WallTime now);
    void settle(Tx& tx, Listening::Change& change, const InboxRow& row, ReleaseId release,
                WallTime now);
    void askAgain(Tx& tx, const InboxRow& row, WallTime now);

    UnitOfWork& store_;
    const Clock& clock_;
    const Identification& identification_;
    Listening& listening_;
};

/// Appends what open pages learn about an item that is not as it was; nothing when there is none.
/// In the caller's transaction; throws as the store does.
void tellInbox(Tx& tx, InboxId id, WallTime now);

} // namespace gatefold
