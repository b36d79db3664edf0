#include "catalogue/batch_indexer.hpp"

#include "catalogue/index_file.hpp"
#include "core/gtin.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace gatefold::catalogue {

namespace {

constexpr std::size_t runoutTails = 3;
constexpr std::size_t shortestTail = 4;
/// Measured: level 9 instead of 5 saves 3 % of the file and costs a fifth of the build's speed;
/// details at 1 instead of 5 cost 4 % of the file and save a tenth of the time.
constexpr int factsLevel = 5, detailsLevel = 1;

bool isNone(std::string_view catno) {
    return catno.size() == 4 && asciiLower(catno) == "none";
}

} // namespace

std::string barcodeKey(std::uint64_t gtin) {
    std::string key(7, '\0');
    for (std::size_t i = key.size(); i-- > 0; gtin >>= 8)
        key[i] = static_cast<char>(gtin & 0xFF);
    return key;
}

// Shares of the key memory as full dumps fill it: titles' words most, barcodes least.
BatchIndexer::BatchIndexer(SpillFile& spill, std::size_t memoryBytes, bool allFormats,
                           const std::vector<bool>& mainReleases)
    : barcodes(spill, memoryBytes / 10),
      catnos(spill, memoryBytes / 6),
      runouts(spill, memoryBytes / 5),
      words(spill, memoryBytes / 2),
      allFormats_(allFormats),
      mainReleases_(mainReleases),
      factsPacker_(factsLevel),
      detailsPacker_(detailsLevel) {}

IndexedBatch BatchIndexer::index(DumpBatch& batch) {
    IndexedBatch out;
    out.skipped = std::move(batch.skipped);
    out.read = batch.elements.size() + out.skipped.size();
    for (const DumpBatch::Element& element : batch.elements) {
        try {
            RawRelease& release = parser_.parse(batch.view(element));
            if (allFormats_ || release.playsOnATurntable())
                keep(release, out);
        } catch (const XmlError& error) {
            out.skipped.push_back({batch.offset + element.begin, element.id, error.reason});
        }
    }
    closeBlock(out);
    std::sort(out.skipped.begin(), out.skipped.end(),
              [](const SkippedRelease& a, const SkippedRelease& b) { return a.offset < b.offset; });
    return out;
}

void BatchIndexer::finish() {
    for (KeySorter* sorter : {&barcodes, &catnos, &runouts, &words})
        sorter->finish();
}

void BatchIndexer::keep(RawRelease& release, IndexedBatch& out) {
    release.mainRelease =
        release.mainRelease || (release.id < mainReleases_.size() && mainReleases_[release.id]);
    const bool fits = inBlock_ < blockReleases && release.id > last_ &&
                      release.id >> idStretchBits == first_ >> idStretchBits;
    if (inBlock_ > 0 && !fits)
        closeBlock(out);
    if (inBlock_ == 0)
        first_ = release.id;
    last_ = release.id;
    ++inBlock_;
    putFacts(facts_, release);
    putDetails(details_, release);
    ++out.kept;
    addBarcodes(release, out);
    addCatnos(release, out);
    addRunouts(release, out);
    addWords(release);
}

void BatchIndexer::closeBlock(IndexedBatch& out) {
    if (inBlock_ == 0)
        return;
    out.blocks.push_back({first_, last_, factsPacker_.pack(facts_), detailsPacker_.pack(details_)});
    facts_.clear();
    details_.clear();
    inBlock_ = 0;
}

void BatchIndexer::addBarcodes(const RawRelease& release, IndexedBatch& out) {
    for (const RawIdentifier& identifier : release.identifiers) {
        const bool barcode = identifier.type == "Barcode";
        const bool perhaps =
            identifier.type == "Other" &&
            asciiLower(identifier.description).find("barcode") != std::string::npos;
        if (!barcode && !perhaps)
            continue;
        const auto keys = gtinKeysOfField(identifier.value);
        out.barcodes += keys.empty() ? 0 : 1;
        for (const CatalogueKey& key : keys) {
            const std::uint32_t kind = key.weak || perhaps   ? barcodeKind::weak
                                       : key.checkDigitWrong ? barcodeKind::wrongCheckDigit
                                                             : barcodeKind::strict;
            barcodes.add(barcodeKey(key.gtin.value), keyEntry(release.id, kind));
        }
    }
}

/// "Subway Dance 4000" of the label Subway Dance is looked for as "4000" too.
void BatchIndexer::addCatnos(const RawRelease& release, IndexedBatch& out) {
    for (const RawLabel& label : release.labels) {
        const std::string key = isNone(label.catno) ? std::string() : foldedKey(label.catno);
        if (key.empty())
            continue;
        ++out.catnos;
        catnos.add(key, keyEntry(release.id, catnoKind::whole));
        const std::string name = foldedKey(label.name);
        if (name.size() >= 3 && key.size() >= name.size() + 3 && key.starts_with(name))
            catnos.add(foldedKey(label.catno).substr(name.size()),
                       keyEntry(release.id, catnoKind::behindLabelName));
    }
}

void BatchIndexer::addRunouts(const RawRelease& release, IndexedBatch& out) {
    for (const RawIdentifier& identifier : release.identifiers) {
        if (identifier.type != "Matrix / Runout")
            continue;
        std::uint32_t kind = runoutKind::whole;
        for (const std::string& key : foldedTails(identifier.value, runoutTails, shortestTail)) {
            runouts.add(key, keyEntry(release.id, kind));
            out.runouts += kind == runoutKind::whole ? 1 : 0;
            kind = runoutKind::tail;
        }
    }
}

void BatchIndexer::addWords(const RawRelease& release) {
    wordsOfRelease_.clear();
    splitter_.split(release.title, wordsOfRelease_);
    for (const RawArtist& artist : release.artists) {
        splitter_.split(artist.name, wordsOfRelease_);
        splitter_.split(artist.variation, wordsOfRelease_);
    }
    for (const RawLabel& label : release.labels)
        splitter_.split(label.name, wordsOfRelease_);
    std::sort(wordsOfRelease_.begin(), wordsOfRelease_.end());
    wordsOfRelease_.erase(std::unique(wordsOfRelease_.begin(), wordsOfRelease_.end()),
                          wordsOfRelease_.end());
    for (const std::string& word : wordsOfRelease_)
        words.add(word, release.id);
}

} // namespace gatefold::catalogue
