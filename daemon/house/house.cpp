#include "house/house.hpp"

#include "platform/locations.hpp"
#include "platform/settings_table.hpp"
#include "json/write.hpp"

#include <utility>
#include <variant>

namespace gatefold::house {

namespace {

std::vector<std::string> sinksOf(const platform::Settings& settings) {
    return settings.mqtt.enabled ? std::vector<std::string>{"mqtt"} : std::vector<std::string>{};
}

lookup::SourceSettings sourceOf(const platform::Settings::Source& settings) {
    return {settings.enabled, settings.base_url, settings.token_file};
}

lookup::SourcesSettings sourcesOf(const platform::Settings& settings) {
    return {sourceOf(settings.discogs), sourceOf(settings.musicbrainz),
            sourceOf(settings.coverart)};
}

OnlineSources pointersTo(const lookup::Sources& sources) {
    OnlineSources pointers;
    for (const auto& source : sources.releases)
        pointers.releases.push_back(source.get());
    pointers.covers = sources.covers.get();
    return pointers;
}

lookup::HttpOptions httpOptions(const platform::Settings& settings) {
    lookup::HttpOptions options;
    options.user_agent = lookup::userAgent(GATEFOLD_VERSION, settings.lookup.contact);
    return options;
}

std::string valueOf(const platform::SettingSlot& slot) {
    if (const auto* boolean = std::get_if<bool*>(&slot))
        return **boolean ? "true" : "false";
    if (const auto* number = std::get_if<int*>(&slot))
        return std::to_string(**number);
    return *std::get<std::string*>(slot);
}

} // namespace

std::filesystem::path catalogueFile(const platform::Settings& settings) {
    return settings.catalogue.path.empty()
               ? std::filesystem::path(settings.store.path) / "catalogue.db"
               : std::filesystem::path(settings.catalogue.path);
}

catalogue::UpdateOptions updateOptions(const platform::Settings& settings) {
    catalogue::UpdateOptions options;
    options.catalogue = catalogueFile(settings);
    options.base_url = settings.catalogue.update_url;
    options.download.user_agent = lookup::userAgent(GATEFOLD_VERSION, settings.lookup.contact);
    return options;
}

std::vector<SettingView> settingViews(const platform::Settings& settings) {
    platform::Settings copy = settings; // the table hands out places to write to
    std::vector<SettingView> views;
    for (const platform::SettingRow& row : platform::settingRows()) {
        const bool in_file = settings.set_in_file.contains(row.name());
        views.push_back({row.name(), valueOf(row.slot(copy)), in_file ? "file" : "default", true});
    }
    return views;
}

House::House(const platform::Settings& settings, Feedback& feedback,
             std::function<LinkStatus()> link_status)
    : store(settings.store.path, clock, sinksOf(settings)),
      backups(settings.store.path, clock),
      cover_files(settings.store.path),
      box(settings, clock, store, cover_files,
          ulid(clock.now().wall,
               std::span<const unsigned char, 10>(
                   reinterpret_cast<const unsigned char*>(secrets.random(10).data()), 10))),
      catalogue_file(catalogue::openCatalogue(catalogueFile(settings))),
      catalogue(*catalogue_file),
      catalogue_updater(updateOptions(settings)),
      photos(platform::visionProgram()),
      waiting(clock),
      kept_answers(settings.store.path),
      around{clock, waiting, kept_answers, lookup::randomJitter(), httpOptions(settings)},
      online(lookup::makeSources(sourcesOf(settings), around)),
      identification(catalogue),
      devices(store, clock, feedback, settings.devices),
      listening(store, clock, catalogue, box.baseUrl()),
      scanning(store, clock, identification, listening, feedback,
               [this](const std::string& id) { return devices.deckOf(id); }),
      collection(store, clock, identification),
      covers(store, clock, photos, cover_files, secrets, listening),
      enrichment(store, clock, catalogue, covers, pointersTo(online)),
      online_search(store, catalogue, pointersTo(online)),
      inbox(store, clock, identification, listening),
      accounts(store, clock, hasher, secrets),
      system(store, clock, backups, box, catalogue, catalogue_updater, std::move(link_status),
             settingViews(settings)),
      automation(listening, scanning, store),
      settings_(settings) {}

http::Services House::services() {
    return {accounts, scanning, collection, covers, enrichment, online_search, inbox, listening,
            devices,  system,   photos,     cards,  store,      clock,         store};
}

void House::settle() {
    store::removeUnfinishedBackups(settings_.store.path);
    const Now now = clock.now();
    store.write([&](Tx& tx) {
        std::vector<std::pair<DeckId, std::string>> decks;
        for (const platform::Settings::Deck& deck : settings_.decks)
            decks.emplace_back(deck.id, deck.name);
        tx.decks.configure(decks);
        tx.jobs.failRunning("Gatefold stopped before this was done.", now.wall);
        if (!tx.events.currentState("collection", ""))
            tx.events.append({LogRow::Kind::state, "collection", "",
                              json::write(tx.copies.counts(now.wall)), "collection"},
                             now.wall);
    });
    listening.restore();
    scanning.recover();
}

} // namespace gatefold::house
