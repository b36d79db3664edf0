#pragma once

#include "core/error.hpp"
#include "core/gtin.hpp"
#include "ports/backups.hpp"
#include "ports/card_printer.hpp"
#include "ports/catalogue_updater.hpp"
#include "ports/clock.hpp"
#include "ports/covers.hpp"
#include "ports/feedback.hpp"
#include "ports/message_link.hpp"
#include "ports/password_hasher.hpp"
#include "ports/photo_decoder.hpp"
#include "ports/release_lookup.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

/// Stands until it is told to go on.
class FakeClock : public gatefold::Clock {
public:
    gatefold::Now now() const override {
        const gatefold::Millis passed(passed_ms_.load());
        return {gatefold::WallTime(std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}) + passed,
                gatefold::MonoTime(std::chrono::hours(1)) + passed};
    }
    void pass(gatefold::Millis time) { passed_ms_ += time.count(); }

private:
    std::atomic<std::int64_t> passed_ms_{0};
};

/// Passwords without the work.
class FakeHasher : public gatefold::PasswordHasher {
public:
    std::string hash(std::string_view password) override {
        return "plain:" + std::string(password);
    }
    bool verify(std::string_view encoded, std::string_view password) override {
        return encoded == "plain:" + std::string(password);
    }
    bool needsRehash(std::string_view) override { return false; }
};

class FakeFeedback : public gatefold::Feedback {
public:
    void play(gatefold::Tone, const std::string&) noexcept override {}
};

/// Two pressings of one album under one barcode, and a release of its own.
class FakeCatalogue : public gatefold::ReleaseLookup {
public:
    using Candidates = std::vector<gatefold::Candidate>;

    Candidates byGtin(const gatefold::GtinKeys& keys, const gatefold::RankBy&,
                      std::size_t limit) const override {
        Candidates out;
        for (const gatefold::Gtin& gtin : keys.strict) {
            if (gtin.text() == "00075992731317")
                out = {candidate(1001), candidate(1002)};
            if (gtin.text() == "00602435500003")
                out = {candidate(2001)};
        }
        if (out.size() > limit)
            out.resize(limit);
        return out;
    }
    Candidates byCatno(std::string_view catno, const gatefold::RankBy&,
                       std::size_t) const override {
        return catno == "SD 8216" ? Candidates{candidate(1001)} : Candidates{};
    }
    Candidates byRunout(std::string_view, const gatefold::RankBy&, std::size_t) const override {
        return {};
    }
    Candidates byText(std::string_view, const gatefold::RankBy&, std::size_t) const override {
        return {candidate(2001)};
    }
    Candidates find(const gatefold::LookupQuery& query, const gatefold::RankBy& rank,
                    std::size_t limit) const override {
        if (!query.barcode.empty())
            return byGtin(query.barcode, rank, limit);
        if (!query.catno.empty())
            return byCatno(query.catno, rank, limit);
        return query.text.empty() ? Candidates{} : byText(query.text, rank, limit);
    }
    std::optional<gatefold::Release> release(gatefold::ReleaseId id) const override {
        if (id != 1001 && id != 1002 && id != 2001)
            return std::nullopt;
        gatefold::Release out;
        out.release_id = id;
        out.master_id = id / 1000;
        out.title = id == 2001 ? "Moon Dust" : "Copper Winter";
        out.artist = "Velvet Harbour";
        out.year = 1977;
        out.country = id == 1002 ? "UK" : "DE";
        out.labels = {{"Groove", "SD 8216"}};
        out.formats = {{"Vinyl", 1, "", {"LP"}}};
        out.identifiers = {{gatefold::IdentifierType::barcode,
                            id == 2001 ? "602435500003" : "075992731317", std::nullopt}};
        out.tracklist = {{"A1", "Signal Parade", "3:32"}, {"B1", "Sinnerman", "10:22"}};
        return out;
    }
    gatefold::CatalogueInfo info() const override {
        gatefold::CatalogueInfo out;
        out.present = true;
        out.releases = 3;
        return out;
    }

private:
    gatefold::Candidate candidate(gatefold::ReleaseId id) const {
        const gatefold::Release from = release(id).value();
        gatefold::Candidate out;
        out.release_id = id;
        out.master_id = from.master_id;
        out.title = from.title;
        out.artist = from.artist;
        out.year = from.year;
        out.country = from.country;
        out.labels = from.labels;
        out.formats = from.formats;
        out.why = "barcode";
        return out;
    }
};

class FakePhotos : public gatefold::PhotoDecoder {
public:
    std::vector<gatefold::DecodedCode> decode(std::span<const unsigned char> image) override {
        if (image.size() < 4 || image[0] != 0xff || image[1] != 0xd8)
            throw gatefold::Error(gatefold::ErrorCode::malformed, "This is no picture.");
        return {{"0075992731317", "EAN-13", "00075992731317", {{1, 2}, {3, 2}, {3, 4}, {1, 4}}}};
    }
};

/// Gives the picture back in each size.
class FakeShrinker : public gatefold::ImageShrinker {
public:
    std::function<void()> meanwhile = [] {}; ///< what happens while it works

    std::vector<std::string> shrink(std::span<const unsigned char> image,
                                    std::span<const gatefold::KeptSize> sizes) override {
        if (image.size() < 4 || image[0] != 0xff || image[1] != 0xd8)
            throw gatefold::Error(gatefold::ErrorCode::malformed, "This is no picture.");
        meanwhile();
        return std::vector<std::string>(sizes.size(), std::string(image.begin(), image.end()));
    }
};

class FakeCards : public gatefold::CardPrinter {
public:
    std::string pdf(const std::vector<gatefold::CardSheet>& sheets) const override {
        return "%PDF " + std::to_string(sheets.size());
    }
};

class FakeBackups : public gatefold::Backups {
public:
    gatefold::MadeBackup backup(const std::string&) override { return {made(), {}}; }
    std::vector<gatefold::BackupInfo> list() const override { return {made()}; }

private:
    static gatefold::BackupInfo made() {
        return {"backups/gatefold-1.db", 4096, "2026-03-01T00:00:00.000Z", 1, 2, 3, 4};
    }
};

class FakeUpdater : public gatefold::CatalogueUpdater {
public:
    std::string update(const gatefold::CatalogueWish&, const std::stop_token&) override {
        return "discogs_20260801_releases.xml.gz: 3 releases in use, 0 damaged ones left out.";
    }
};

class FakeBox : public gatefold::BoxFacts {
public:
    gatefold::BoxHealth health() const override { return {60, 1000, 41.5}; }
    std::string version() const override { return "0.1.0"; }
    std::string bootId() const override { return "boot"; }
    std::string baseUrl() const override { return "http://gatefold.local:8080"; }
    std::string cover(std::string_view) const override { return {}; }
};
