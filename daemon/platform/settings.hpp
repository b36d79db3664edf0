#pragma once

#include "ports/scanner.hpp"

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gatefold::platform {

/// What `gatefold.toml` says, with defaults where it is silent. Members are named as the keys are;
/// paths are absolute.
struct Settings {
    struct Http {
        std::string listen = "0.0.0.0";
        int port = 8080; ///< 0 = any free port
        int tls_port = 8443;
        std::string public_url;
    } http;
    struct Store {
        std::string path = "/var/lib/gatefold";
    } store;
    struct Catalogue {
        std::string path;           ///< empty: catalogue.db in the store
        std::string update = "off"; ///< "off" or "night"
        std::string update_url = "https://data.discogs.com";
    } catalogue;
    struct Mqtt {
        bool enabled = true;
        std::string host = "127.0.0.1";
        int port = 1883;
        std::string username;
        std::string password_file;
        bool tls = false;
        std::string ca_file;
        std::string base = "gatefold/v1";
        std::string node; ///< empty: made once and kept in the store
        std::string discovery = "device";
        std::string discovery_prefix = "homeassistant";
        bool media_player_compat = false;
    } mqtt;
    struct Lookup {
        std::string contact; ///< whom operators of online sources can write to
    } lookup;
    struct Source {
        bool enabled = true;
        std::string base_url;
        std::string token_file;
    };
    Source discogs{true, "https://api.discogs.com", {}};
    Source musicbrainz{true, "https://musicbrainz.org", {}};
    Source coverart{true, "https://coverartarchive.org", {}};
    std::string listenbrainz_base_url = "https://api.listenbrainz.org";
    std::string lastfm_base_url = "https://ws.audioscrobbler.com";
    struct Oidc {
        std::string issuer;
        std::string client_id;
        std::string client_secret_file;
        std::string role_claim = "roles";
        std::map<std::string, std::string> roles; ///< role -> value of the claim
    } oidc;
    struct Sound {
        bool enabled = true;
        std::string device = "default"; ///< an ALSA PCM
    } sound;
    struct Log {
        std::string level = "info";
    } log;

    struct Deck {
        std::string id;
        std::string name; ///< the id when the file gives none
    };
    std::vector<Deck> decks{{"main", "Turntable"}}; ///< never empty; the first is the default deck
    std::vector<DevicePin> devices;

    /// Keys that the file sets ("http.port", "deck"): they win over the page, which shows them
    /// read-only.
    std::set<std::string> set_in_file;
};

/// The files of secrets and certificates that the settings name, to be read or changed; empty where
/// they name none.
std::vector<std::string*> filesNamedIn(Settings& settings);

/// What a reading found. `problems` is empty when the file can be used; each is one line
/// "file:line: what, what to do".
struct SettingsReading {
    Settings settings;
    std::vector<std::string> problems;
    std::vector<std::string>
        warnings; ///< keys that are accepted but whose feature is not built yet
};

/// Reads the text of a configuration; never throws for what it says. Relative paths are taken from
/// the folder of `file`.
SettingsReading readSettings(std::string_view text, const std::filesystem::path& file);

/// Reads a file of at most 1 MiB. Throws Error `configuration` with every problem, one a line; the
/// caller exits with 78.
SettingsReading loadSettings(const std::filesystem::path& file);

/// Defaults with the store at `store`: what `gatefold --data DIR` uses where DIR has no
/// gatefold.toml.
Settings defaultSettings(const std::filesystem::path& store);

} // namespace gatefold::platform
