#pragma once

#include "app/accounts.hpp"
#include "app/automation.hpp"
#include "app/collection.hpp"
#include "app/covers.hpp"
#include "app/devices.hpp"
#include "app/enrichment.hpp"
#include "app/inbox.hpp"
#include "app/listening.hpp"
#include "app/online_search.hpp"
#include "app/scanning.hpp"
#include "app/system.hpp"
#include "catalogue/lookup.hpp"
#include "catalogue/updater.hpp"
#include "drivers/vision_link/photo_link.hpp"
#include "house/box_facts.hpp"
#include "http/services.hpp"
#include "lookup/sources.hpp"
#include "lookup/waiting.hpp"
#include "platform/passwords.hpp"
#include "platform/settings.hpp"
#include "platform/system_clock.hpp"
#include "print/pdf_cards.hpp"
#include "store/answer_file.hpp"
#include "store/backups.hpp"
#include "store/cover_folder.hpp"
#include "store/store.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// What the daemon and the console have in common: the store and the use cases over it. The caller
/// holds the store's lock.
namespace gatefold::house {

/// Where the catalogue of these settings lies.
std::filesystem::path catalogueFile(const platform::Settings& settings);
/// How the catalogue of these settings is kept up to date.
catalogue::UpdateOptions updateOptions(const platform::Settings& settings);
/// Every setting that is no secret, as the page shows it.
std::vector<SettingView> settingViews(const platform::Settings& settings);

/// Everything that needs no thread of its own, in the order of construction.
class House {
public:
    /// `feedback`: what people hear. `link_status`: asked whenever somebody wants to know about the
    /// broker.
    House(const platform::Settings& settings, Feedback& feedback,
          std::function<LinkStatus()> link_status);

    http::Services services();
    /// Decks of the configuration, jobs that died, sessions that were open, scans that have no
    /// outcome yet.
    void settle();

    platform::SystemClock clock;
    platform::SodiumSecrets secrets;
    platform::Argon2Hasher hasher;
    store::Store store;
    store::BackupFiles backups;
    store::CoverFolder cover_files;
    ThisBox box;
    std::unique_ptr<catalogue::OfflineCatalogue> catalogue_file;
    const ReleaseLookup& catalogue;
    catalogue::Updater catalogue_updater;
    vision_link::PhotoLink photos;
    print::PdfCards cards;
    lookup::RealWaiting waiting;
    store::AnswerFile kept_answers;
    lookup::Surroundings around;
    lookup::Sources online;

    Identification identification;
    Devices devices;
    Listening listening;
    Scanning scanning;
    Collection collection;
    Covers covers;
    Enrichment enrichment;
    OnlineSearch online_search;
    InboxDesk inbox;
    Accounts accounts;
    System system;
    Automation automation;

private:
    const platform::Settings& settings_;
};

} // namespace gatefold::house
