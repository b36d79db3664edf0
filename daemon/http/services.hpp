#pragma once

#include "app/accounts.hpp"
#include "app/collection.hpp"
#include "app/covers.hpp"
#include "app/devices.hpp"
#include "app/enrichment.hpp"
#include "app/inbox.hpp"
#include "app/listening.hpp"
#include "app/online_search.hpp"
#include "app/scanning.hpp"
#include "app/system.hpp"
#include "ports/card_printer.hpp"
#include "ports/clock.hpp"
#include "ports/photo_decoder.hpp"
#include "ports/revision.hpp"
#include "ports/store.hpp"

namespace gatefold::http {

/// The use cases behind the routes. All outlive the server; all are good for any thread.
struct Services {
    Accounts& accounts;
    Scanning& scanning;
    Collection& collection;
    Covers& covers;
    Enrichment& enrichment;
    OnlineSearch& online_search;
    InboxDesk& inbox;
    Listening& listening;
    Devices& devices;
    System& system;
    PhotoDecoder& photos;
    CardPrinter& cards;
    UnitOfWork& store;
    const Clock& clock;
    const Revision& revision; ///< of that store
};

} // namespace gatefold::http
