#include "platform/settings_table.hpp"

#include "core/text.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace gatefold::platform {
namespace {

using Problem = std::optional<std::string>;

constexpr std::size_t longestText = 1024;

bool isIdentifier(const std::string& value) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || isAsciiDigit(c) || c == '_' || c == '-';
    };
    return !value.empty() && value.size() <= 32 && std::all_of(value.begin(), value.end(), fits);
}

bool isOneOf(const std::string& value, std::span<const std::string_view> words) {
    return std::find(words.begin(), words.end(), value) != words.end();
}

std::string wordList(std::span<const std::string_view> words) {
    std::string text;
    for (const std::string_view word : words)
        text.append(text.empty() ? "" : ", ").append(word);
    return text;
}

Problem checkWord(const std::string& value, std::span<const std::string_view> words) {
    if (isOneOf(value, words))
        return std::nullopt;
    return "is none of: " + wordList(words);
}

Problem checkText(const std::string& value) {
    if (value.size() > longestText)
        return "is longer than 1,024 bytes";
    if (hasControlCharacters(value))
        return "holds a control character";
    return std::nullopt;
}

Problem checkFilled(const std::string& value) {
    return value.empty() ? Problem("is empty") : checkText(value);
}

Problem checkAddress(const std::string& value) {
    in6_addr address{};
    if (inet_pton(AF_INET, value.c_str(), &address) == 1 ||
        inet_pton(AF_INET6, value.c_str(), &address) == 1)
        return std::nullopt;
    return "is not an IP address such as 0.0.0.0, 127.0.0.1 or ::";
}

Problem checkUrl(const std::string& value) {
    if (Problem problem = checkText(value))
        return problem;
    for (const std::string_view scheme : {"https://", "http://"})
        if (value.starts_with(scheme) && value.size() > scheme.size() &&
            value[scheme.size()] != '/' && value.find_first_of(" ?#") == std::string::npos)
            return std::nullopt;
    return "is not an address such as https://example.org";
}

Problem checkUrlOrEmpty(const std::string& value) {
    return value.empty() ? Problem() : checkUrl(value);
}

/// Goes into a header behind the program's name: an address or a mail address, plain ASCII.
Problem checkContact(const std::string& value) {
    const auto plain = [](char c) { return c > ' ' && c < 0x7F && c != '(' && c != ')'; };
    const bool mail = value.find('@') != std::string::npos && value.find('/') == std::string::npos;
    if (value.empty() || (value.size() <= 200 && std::all_of(value.begin(), value.end(), plain) &&
                          (mail || !checkUrl(value))))
        return std::nullopt;
    return "is neither a mail address nor an address such as https://example.org";
}

Problem checkTopic(const std::string& value) {
    if (value.empty() || value.size() > 100)
        return "has to be 1 to 100 bytes long";
    if (value.find_first_of("#+ $") != std::string::npos || value.front() == '/' ||
        value.back() == '/' || value.find("//") != std::string::npos || checkText(value))
        return "is not a topic: no '#', '+', '$', blanks, empty levels or slash at either end";
    return std::nullopt;
}

Problem checkNode(const std::string& value) {
    if (value.empty() || isIdentifier(value))
        return std::nullopt;
    return "is not 1 to 32 characters of a-z, 0-9, '_' and '-'";
}

constexpr std::array<std::string_view, 3> discoveryForms{"device", "component", "off"};
Problem checkDiscovery(const std::string& value) {
    return checkWord(value, discoveryForms);
}

constexpr std::array<std::string_view, 2> updateTimes{"off", "night"};
Problem checkUpdate(const std::string& value) {
    return checkWord(value, updateTimes);
}

constexpr std::array<std::string_view, 4> logLevels{"debug", "info", "warning", "error"};
Problem checkLogLevel(const std::string& value) {
    return checkWord(value, logLevels);
}

constexpr std::string_view scrobbling = "scrobbling";
constexpr std::string_view openId = "sign-in with OIDC";
constexpr std::string_view tls = "HTTPS";

#define GATEFOLD_SLOT(member) [](Settings& settings) -> SettingSlot { return &settings.member; }

const SettingRow rows[] = {
    {"http", "listen", GATEFOLD_SLOT(http.listen), "Address to listen on", true, {}, checkAddress},
    {"http", "port", GATEFOLD_SLOT(http.port), "Port of the page"},
    {"http", "tls_port", GATEFOLD_SLOT(http.tls_port), "Port of the secure page", true, tls},
    {"http",
     "public_url",
     GATEFOLD_SLOT(http.public_url),
     "Address of the page as others see it",
     true,
     {},
     checkUrlOrEmpty},
    {"store", "path", GATEFOLD_SLOT(store.path), "Data folder", true, {}, checkFilled},
    {"catalogue", "path", GATEFOLD_SLOT(catalogue.path), "Offline catalogue", true, {}, checkText},
    {"catalogue",
     "update",
     GATEFOLD_SLOT(catalogue.update),
     "Fetch new dumps by itself",
     true,
     {},
     checkUpdate},
    {"catalogue",
     "update_url",
     GATEFOLD_SLOT(catalogue.update_url),
     "Store of Discogs dumps",
     true,
     {},
     checkUrl},
    {"mqtt", "enabled", GATEFOLD_SLOT(mqtt.enabled), "Connect to a broker"},
    {"mqtt", "host", GATEFOLD_SLOT(mqtt.host), "Broker", true, {}, checkFilled},
    {"mqtt", "port", GATEFOLD_SLOT(mqtt.port), "Broker's port", true, {}, nullptr, 1},
    {"mqtt",
     "username",
     GATEFOLD_SLOT(mqtt.username),
     "User name at the broker",
     true,
     {},
     checkText},
    {"mqtt",
     "password_file",
     GATEFOLD_SLOT(mqtt.password_file),
     "File with the broker's password",
     true,
     {},
     checkText},
    {"mqtt", "tls", GATEFOLD_SLOT(mqtt.tls), "Encrypt the way to the broker"},
    {"mqtt",
     "ca_file",
     GATEFOLD_SLOT(mqtt.ca_file),
     "Certificates that the broker is checked against",
     true,
     {},
     checkText},
    {"mqtt", "base", GATEFOLD_SLOT(mqtt.base), "First levels of all topics", true, {}, checkTopic},
    {"mqtt", "node", GATEFOLD_SLOT(mqtt.node), "This box's name in topics", true, {}, checkNode},
    {"mqtt",
     "discovery",
     GATEFOLD_SLOT(mqtt.discovery),
     "Home Assistant discovery",
     true,
     {},
     checkDiscovery},
    {"mqtt",
     "discovery_prefix",
     GATEFOLD_SLOT(mqtt.discovery_prefix),
     "Home Assistant's discovery prefix",
     true,
     {},
     checkTopic},
    {"mqtt", "media_player_compat", GATEFOLD_SLOT(mqtt.media_player_compat),
     "Extra topics for media player bridges", true, "media player bridge"},
    {"lookup",
     "contact",
     GATEFOLD_SLOT(lookup.contact),
     "Whom operators of online sources can write to",
     true,
     {},
     checkContact},
    {"lookup.discogs", "enabled", GATEFOLD_SLOT(discogs.enabled), "Ask Discogs"},
    {"lookup.discogs",
     "base_url",
     GATEFOLD_SLOT(discogs.base_url),
     "Discogs' address",
     true,
     {},
     checkUrl},
    {"lookup.discogs",
     "token_file",
     GATEFOLD_SLOT(discogs.token_file),
     "File with a personal Discogs token",
     true,
     {},
     checkText},
    {"lookup.musicbrainz", "enabled", GATEFOLD_SLOT(musicbrainz.enabled), "Ask MusicBrainz"},
    {"lookup.musicbrainz",
     "base_url",
     GATEFOLD_SLOT(musicbrainz.base_url),
     "MusicBrainz' address",
     true,
     {},
     checkUrl},
    {"lookup.coverart", "enabled", GATEFOLD_SLOT(coverart.enabled), "Ask the Cover Art Archive"},
    {"lookup.coverart",
     "base_url",
     GATEFOLD_SLOT(coverart.base_url),
     "Cover Art Archive's address",
     true,
     {},
     checkUrl},
    {"scrobble.listenbrainz", "base_url", GATEFOLD_SLOT(listenbrainz_base_url),
     "ListenBrainz' address", true, scrobbling, checkUrl},
    {"scrobble.lastfm", "base_url", GATEFOLD_SLOT(lastfm_base_url), "Last.fm's address", true,
     scrobbling, checkUrl},
    {"oidc", "issuer", GATEFOLD_SLOT(oidc.issuer), "Identity provider", true, openId,
     checkUrlOrEmpty},
    {"oidc", "client_id", GATEFOLD_SLOT(oidc.client_id), "Client id at the provider", true, openId,
     checkText},
    {"oidc", "client_secret_file", GATEFOLD_SLOT(oidc.client_secret_file),
     "File with the client secret", true, openId, checkText},
    {"oidc", "role_claim", GATEFOLD_SLOT(oidc.role_claim), "Claim that holds the roles", true,
     openId, checkFilled},
    {"sound", "enabled", GATEFOLD_SLOT(sound.enabled), "Tones through the box's sound output"},
    {"sound",
     "device",
     GATEFOLD_SLOT(sound.device),
     "ALSA device of the tones",
     true,
     {},
     checkFilled},
    {"log",
     "level",
     GATEFOLD_SLOT(log.level),
     "Least important lines in the log",
     true,
     {},
     checkLogLevel},
};

#undef GATEFOLD_SLOT

constexpr std::array<std::string_view, 2> keysOfDeck{"id", "name"};
constexpr std::array<std::string_view, 5> keysOfDevice{"match", "name", "deck", "layout", "baud"};

/// Words that stand where a deck's id stands in topics.
constexpr std::array<std::string_view, 9> reservedDeckIds{
    "status", "info", "health", "collection", "settings", "update", "event", "cmd", "rsp"};

constexpr std::array<std::string_view, 9> layouts{"us", "uk", "de", "fr", "dk",
                                                  "no", "se", "es", "it"};

/// What serial scanners can be set to.
constexpr std::array<std::int64_t, 8> serialSpeeds{1200,  2400,  4800,  9600,
                                                   19200, 38400, 57600, 115200};

} // namespace

std::string SettingRow::name() const {
    return std::string(section).append(".").append(key);
}

std::span<const SettingRow> settingRows() {
    return rows;
}
std::span<const std::string_view> deckKeys() {
    return keysOfDeck;
}
std::span<const std::string_view> deviceKeys() {
    return keysOfDevice;
}

std::optional<std::string> checkDeckId(const std::string& value) {
    if (!isIdentifier(value))
        return "is not 1 to 32 characters of a-z, 0-9, '_' and '-'";
    if (isOneOf(value, reservedDeckIds))
        return "is a word that topics need; none of: " + wordList(reservedDeckIds);
    return std::nullopt;
}

std::optional<std::string> checkDeviceMatch(const std::string& value) {
    if (Problem problem = checkFilled(value))
        return problem;
    for (const std::string_view form : {"usb:", "tty:/", "video:/", "folder:/"})
        if (value.starts_with(form) && value.size() > form.size())
            return std::nullopt;
    if (value.find("://") != std::string::npos && value.find("://") != 0)
        return std::nullopt;
    return "is none of usb:PORT, tty:/PATH, video:/PATH, folder:/PATH or a stream's address";
}

std::optional<std::string> checkLayout(const std::string& value) {
    return checkWord(value, layouts);
}

std::optional<std::string> checkBaud(std::int64_t value) {
    if (std::find(serialSpeeds.begin(), serialSpeeds.end(), value) != serialSpeeds.end())
        return std::nullopt;
    return "is none of 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200";
}

std::optional<std::string> checkLabel(const std::string& value) {
    if (value.empty() || value.size() > 100 || hasControlCharacters(value))
        return "has to be 1 to 100 bytes of text on one line";
    return std::nullopt;
}

} // namespace gatefold::platform
