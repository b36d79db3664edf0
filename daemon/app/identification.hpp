#pragma once

#include "core/codes.hpp"
#include "core/outcome.hpp"
#include "ports/release_lookup.hpp"
#include "ports/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatefold {

/// What a code turned out to be.
struct Identified {
    CodeIs code = CodeIs::nothingKnown;
    std::string text; ///< the trimmed code; printable form when it is damaged
    std::string key;  ///< under which it is learned: the GTIN's 14 digits, or the text
    std::optional<std::string> gtin;   ///< 14 digits
    std::optional<PrintedCode> card;   ///< a control card, person, location, deck or setup code
    std::optional<std::int64_t> label; ///< an own label (bound or blank)
    std::optional<CopyId> copy;        ///< owned: the copy that is meant
    std::size_t copies = 0;   ///< owned: how many undeleted copies of the release there are
    ReleaseId release_id = 0; ///< owned or one release; several pressings: the best guess
    std::vector<Candidate> candidates; ///< best first; empty for cards
    bool same_album = false;           ///< several pressings: all belong to one album
    std::string reason;                ///< damaged: why, in words for people
};

/// Says what a code is, offline: control card -> own label -> own collection -> learned codes ->
/// offline catalogue (contract.md, "What a scan answers"). Reads only. Any thread.
class Identification {
public:
    explicit Identification(const ReleaseLookup& catalogue) : catalogue_(catalogue) {}

    /// `raw`: 1-4,096 bytes as they came. `person`: whose copy is meant first when several are
    /// owned.
    Identified identify(const ReadTx& tx, std::string_view raw, Symbology symbology,
                        std::optional<PersonId> person) const;
    /// The candidates for a code as of now, best first (inbox items do not store them).
    std::vector<Candidate> candidates(const ReadTx& tx, std::string_view code,
                                      Symbology symbology = Symbology::unknown) const;
    /// Sets each candidate's runouts, an empty list where none is known.
    void addRunouts(const ReadTx& tx, std::vector<Candidate>& candidates) const;
    /// What a code is learned under: `Identified::key` of its scan.
    std::string keyOf(std::string_view code, Symbology symbology) const;
    /// A release from the store, else from the catalogue.
    std::optional<Release> release(const ReadTx& tx, ReleaseId id) const;

private:
    bool identifyPrinted(const ReadTx& tx, Identified& found) const;
    bool identifyOwned(const ReadTx& tx, const GtinKeys& keys, std::optional<PersonId> person,
                       Identified& found) const;
    bool identifyLearned(const ReadTx& tx, std::optional<PersonId> person, Identified& found) const;
    std::vector<Candidate> inCatalogue(const ReadTx& tx, const GtinKeys& keys) const;
    void identifyInCatalogue(const ReadTx& tx, const GtinKeys& keys, std::optional<PersonId> person,
                             Identified& found) const;

    const ReleaseLookup& catalogue_;
};

/// Of several copies of one release: the person's own, else the one played last, else the oldest.
/// `copies` is not empty.
const Copy& meantCopy(const std::vector<Copy>& copies, std::optional<PersonId> person);

} // namespace gatefold
