#include "catalogue/records.hpp"

#include "catalogue/bytes.hpp"
#include "core/artist_name.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <charconv>

namespace gatefold::catalogue {

namespace {

constexpr std::size_t maxBlockBytes = 64 * 1024 * 1024;
constexpr int maxQuantity = 9999;

int digits(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? value : -1;
}

/// "2" -> 2; what is no number of discs (a 52-digit value exists) counts as one.
int quantityOf(std::string_view text) {
    const int value = digits(text);
    return value >= 1 && value <= maxQuantity ? value : 1;
}

IdentifierType typeOf(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, IdentifierType>, 4> types{
        {{"Barcode", IdentifierType::barcode},
         {"Matrix / Runout", IdentifierType::runout},
         {"Label Code", IdentifierType::labelCode},
         {"Rights Society", IdentifierType::rightsSociety}}};
    for (const auto& [type, kind] : types)
        if (name == type)
            return kind;
    return IdentifierType::other;
}

int completenessOf(const RawRelease& release) {
    const auto has = [&](std::string_view type) {
        return std::any_of(
            release.identifiers.begin(), release.identifiers.end(),
            [&](const RawIdentifier& identifier) { return identifier.type == type; });
    };
    const bool timed = std::any_of(release.tracks.begin(), release.tracks.end(),
                                   [](const RawTrack& track) { return !track.duration.empty(); });
    const bool numbered =
        std::any_of(release.labels.begin(), release.labels.end(), [](const RawLabel& label) {
            return !label.catno.empty() && label.catno != "none";
        });
    const auto date = knownDate(release.released);
    return has("Barcode") + has("Matrix / Runout") + timed + numbered + !release.country.empty() +
           !release.tracks.empty() + date.has_value() + (date && date->text.size() > 4);
}

/// Runs `read` on the record of `id`; false when the block does not hold it.
template <class Read>
bool withRecord(std::string_view block, ReleaseId id, Read read) {
    BytesReader records(block);
    while (!records.atEnd()) {
        const auto recordId = static_cast<ReleaseId>(records.number());
        const std::string_view record = records.text();
        if (recordId != id)
            continue;
        BytesReader reader(record);
        read(reader);
        return true;
    }
    return false;
}

template <class Item, class Put>
void putList(std::string& out, const std::vector<Item>& list, Put put) {
    putNumber(out, list.size());
    for (const Item& item : list)
        put(item);
}

template <class Read>
void eachOf(BytesReader& reader, Read read) {
    for (std::uint64_t left = reader.number(); left > 0; --left)
        read();
}

std::optional<std::string> ifAny(std::string_view text) {
    return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

} // namespace

std::optional<KnownDate> knownDate(std::string_view released) {
    const int year = released.size() >= 4 ? digits(released.substr(0, 4)) : -1;
    if (year < 1850 || year > 2200 || (released.size() > 4 && released[4] != '-'))
        return std::nullopt;
    KnownDate date{year, std::string(released.substr(0, 4))};
    const auto part = [&](std::size_t at, int most) {
        const int value = released.size() >= at + 2 ? digits(released.substr(at, 2)) : -1;
        return value >= 1 && value <= most;
    };
    if (part(5, 12)) {
        date.text = released.substr(0, 7);
        if (released.size() == 10 && released[7] == '-' && part(8, 31))
            date.text = released;
    }
    return date;
}

std::string artistLine(const RawRelease& release) {
    std::string line;
    std::string_view join;
    for (const RawArtist& artist : release.artists) {
        if (&artist != &release.artists.front()) {
            if (join.empty() || join == ",")
                line += ", ";
            else
                line.append(" ").append(join).append(" ");
        }
        line += artist.variation.empty() ? artist.name : artist.variation;
        join = artist.join;
    }
    return line;
}

void putFacts(std::string& out, const RawRelease& release) {
    std::string record;
    putNumber(record, (static_cast<std::uint64_t>(completenessOf(release)) << 1) |
                          (release.mainRelease ? 1U : 0U));
    putNumber(record, release.masterId);
    const auto date = knownDate(release.released);
    putText(record, date ? date->text : std::string_view());
    putText(record, release.country);
    putText(record, artistLine(release));
    putText(record, release.title);
    putList(record, release.labels, [&](const RawLabel& label) {
        putText(record, label.name);
        putText(record, label.catno);
    });
    putList(record, release.formats, [&](const RawFormat& format) {
        putText(record, format.name);
        putNumber(record, static_cast<std::uint64_t>(quantityOf(format.quantity)));
        putText(record, format.text);
        putNumber(record, format.descriptions);
        for (std::size_t i = 0; i < format.descriptions; ++i)
            putText(record, release.descriptions[format.firstDescription + i]);
    });
    putNumber(out, release.id);
    putText(out, record);
}

void putDetails(std::string& out, const RawRelease& release) {
    std::string record;
    putList(record, release.tracks, [&](const RawTrack& track) {
        putText(record, track.position);
        putText(record, track.duration);
        putText(record, track.title);
    });
    putList(record, release.identifiers, [&](const RawIdentifier& identifier) {
        putNumber(record, static_cast<std::uint64_t>(typeOf(identifier.type)));
        // What the kinds do not tell apart (ISRC, ASIN ...) keeps its name in front of the
        // description.
        const bool named = typeOf(identifier.type) == IdentifierType::other &&
                           !identifier.type.empty() && identifier.type != "Other";
        std::string description(named ? identifier.type : std::string_view());
        if (named && !identifier.description.empty())
            description += ": ";
        putText(record, description.append(identifier.description));
        putText(record, identifier.value);
    });
    putList(record, release.genres, [&](std::string_view genre) { putText(record, genre); });
    putList(record, release.styles, [&](std::string_view style) { putText(record, style); });
    putNumber(out, release.id);
    putText(out, record);
}

std::optional<Facts> factsOf(std::string_view block, ReleaseId id) {
    Facts facts;
    Release& release = facts.release;
    const bool found = withRecord(block, id, [&](BytesReader& reader) {
        release.release_id = id;
        const std::uint64_t head = reader.number();
        facts.completeness = static_cast<int>(head >> 1 & 15);
        release.main_release = (head & 1) != 0;
        if (const std::uint64_t master = reader.number(); master != 0)
            release.master_id = static_cast<std::int64_t>(master);
        if (const auto date = knownDate(reader.text())) {
            release.year = date->year;
            release.released = date->text;
        }
        release.country = ifAny(reader.text());
        release.artist = shownArtist(reader.text());
        release.title = reader.text();
        eachOf(reader, [&] {
            const std::string_view name = reader.text();
            release.labels.push_back({std::string(name), std::string(reader.text())});
        });
        eachOf(reader, [&] {
            Format& format = release.formats.emplace_back();
            format.name = reader.text();
            format.quantity = static_cast<int>(reader.number());
            format.text = reader.text();
            eachOf(reader, [&] { format.descriptions.emplace_back(reader.text()); });
        });
    });
    return found ? std::optional(std::move(facts)) : std::nullopt;
}

bool addDetails(std::string_view block, Release& release) {
    return withRecord(block, release.release_id, [&](BytesReader& reader) {
        eachOf(reader, [&] {
            Track& track = release.tracklist.emplace_back();
            track.position = reader.text();
            track.duration = ifAny(reader.text());
            track.title = reader.text();
        });
        eachOf(reader, [&] {
            Identifier& identifier = release.identifiers.emplace_back();
            identifier.type =
                static_cast<IdentifierType>(std::min<std::uint64_t>(reader.number(), 4));
            identifier.description = ifAny(reader.text());
            identifier.value = reader.text();
        });
        eachOf(reader, [&] { release.genres.emplace_back(reader.text()); });
        eachOf(reader, [&] { release.styles.emplace_back(reader.text()); });
    });
}

void putMaster(std::string& out, const Master& master) {
    std::string record;
    putNumber(record, static_cast<std::uint64_t>(master.year));
    putText(record, master.title);
    putNumber(out, master.id);
    putText(out, record);
}

std::optional<Master> masterOf(std::string_view block, std::uint32_t id) {
    Master master;
    const bool found = withRecord(block, id, [&](BytesReader& reader) {
        master.id = id;
        master.year = static_cast<int>(std::min<std::uint64_t>(reader.number(), 9999));
        master.title = reader.text();
    });
    return found ? std::optional(std::move(master)) : std::nullopt;
}

BlockPacker::BlockPacker(int level) : compressor_(libdeflate_alloc_compressor(level)) {
    if (compressor_ == nullptr)
        throw Error(ErrorCode::internal, "no memory for packing");
}

BlockPacker::~BlockPacker() {
    libdeflate_free_compressor(compressor_);
}

std::string BlockPacker::pack(std::string_view block) {
    std::string out;
    putNumber(out, block.size());
    const std::size_t head = out.size();
    out.resize(head + libdeflate_deflate_compress_bound(compressor_, block.size()));
    const std::size_t size = libdeflate_deflate_compress(compressor_, block.data(), block.size(),
                                                         out.data() + head, out.size() - head);
    out.resize(head + size);
    return out;
}

std::string unpacked(std::string_view packed) {
    BytesReader reader(packed);
    const std::uint64_t size = reader.number();
    if (size > maxBlockBytes)
        BytesReader::fail();
    packed = reader.rest();
    std::string block(size, '\0');
    const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> decompressor(
        libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
    std::size_t actual = 0;
    if (!decompressor ||
        libdeflate_deflate_decompress(decompressor.get(), packed.data(), packed.size(),
                                      block.data(), block.size(), &actual) != LIBDEFLATE_SUCCESS ||
        actual != size)
        BytesReader::fail();
    return block;
}

} // namespace gatefold::catalogue
