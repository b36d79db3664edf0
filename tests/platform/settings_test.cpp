#include "platform/settings.hpp"
#include "platform/settings_table.hpp"

#include "core/error.hpp"
#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>

namespace gatefold::platform {
namespace {

using test::TempFolder;

SettingsReading read(const std::string& text) {
    return readSettings(text, "/etc/gatefold/gatefold.toml");
}

std::string onlyProblem(const std::string& text) {
    const SettingsReading reading = read(text);
    BOOST_TEST(reading.problems.size() == 1U);
    return reading.problems.empty() ? "" : reading.problems.front();
}

BOOST_AUTO_TEST_SUITE(settings)

BOOST_AUTO_TEST_CASE(an_empty_file_means_the_defaults) {
    const SettingsReading reading = read("");
    BOOST_TEST(reading.problems.empty());
    BOOST_TEST(reading.warnings.empty());
    BOOST_TEST(reading.settings.set_in_file.empty());
    BOOST_TEST(reading.settings.http.port == 8080);
    BOOST_TEST(reading.settings.store.path == "/var/lib/gatefold");
    BOOST_TEST(reading.settings.mqtt.base == "gatefold/v1");
    BOOST_TEST(reading.settings.discogs.base_url == "https://api.discogs.com");
    BOOST_TEST(reading.settings.decks.size() == 1U);
    BOOST_TEST(reading.settings.decks.front().id == "main");
}

BOOST_AUTO_TEST_CASE(keys_in_the_file_win_and_are_remembered) {
    const SettingsReading reading =
        read("[http]\nport = 9090\n[mqtt]\nenabled = false\nnode = \"attic\"\n");
    BOOST_TEST(reading.problems.empty());
    BOOST_TEST(reading.settings.http.port == 9090);
    BOOST_TEST(!reading.settings.mqtt.enabled);
    BOOST_TEST(reading.settings.mqtt.node == "attic");
    const std::set<std::string> expected{"http.port", "mqtt.enabled", "mqtt.node"};
    BOOST_TEST(reading.settings.set_in_file == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(decks_and_devices_are_read_in_order) {
    const SettingsReading reading =
        read("[[device]]\nmatch = \"usb:1-1.3\"\nname = \"Shelf scanner\"\n"
             "deck = \"attic\"\nlayout = \"de\"\nbaud = 19200\n"
             "[[deck]]\nid = \"living-room\"\nname = \"Living room\"\n"
             "[[deck]]\nid = \"attic\"\n");
    BOOST_TEST(reading.problems.empty());
    BOOST_TEST(reading.settings.decks.size() == 2U);
    BOOST_TEST(reading.settings.decks[0].name == "Living room");
    BOOST_TEST(reading.settings.decks[1].name == "attic");
    BOOST_TEST(reading.settings.devices.size() == 1U);
    BOOST_TEST(reading.settings.devices[0].match == "usb:1-1.3");
    BOOST_TEST(reading.settings.devices[0].layout.value() == "de");
    BOOST_TEST(reading.settings.devices[0].baud.value() == 19200);
}

BOOST_AUTO_TEST_CASE(a_contact_is_a_mail_address_or_a_page_and_none_by_default) {
    BOOST_TEST(read("").settings.lookup.contact == "");
    for (const char* contact : {"anna@example.org", "https://example.org/gatefold", ""}) {
        const SettingsReading reading =
            read("[lookup]\ncontact = \"" + std::string(contact) + "\"\n[lookup.discogs]\n");
        BOOST_TEST(reading.problems.empty(), contact);
        BOOST_TEST(reading.settings.lookup.contact == contact);
    }
}

BOOST_AUTO_TEST_CASE(an_unknown_key_names_its_line_and_the_nearest_known_one) {
    BOOST_TEST(onlyProblem("[http]\n\nprot = 80\n") ==
               "/etc/gatefold/gatefold.toml:3: unknown key http.prot; did you mean http.port?");
    BOOST_TEST(onlyProblem("[mqqt]\nhost = \"x\"\n") ==
               "/etc/gatefold/gatefold.toml:1: unknown key mqqt; did you mean mqtt?");
    BOOST_TEST(onlyProblem("tls_port = 1\n") ==
               "/etc/gatefold/gatefold.toml:1: unknown key tls_port; did you mean http.tls_port?");
    BOOST_TEST(onlyProblem("[[deck]]\nid = \"main\"\nnmae = \"x\"\n") ==
               "/etc/gatefold/gatefold.toml:3: unknown key deck.nmae; did you mean deck.name?");
    BOOST_TEST(onlyProblem("[oidc.roles]\nadmn = \"x\"\n") ==
               "/etc/gatefold/gatefold.toml:2: unknown key oidc.roles.admn; did you mean "
               "oidc.roles.admin?");
}

BOOST_AUTO_TEST_CASE(all_errors_are_told_at_once_in_the_order_of_lines) {
    const SettingsReading reading =
        read("[http]\nport = 70000\nlisten = \"everywhere\"\n"
             "[mqtt]\ntls = \"yes\"\nnode = \"Not Good\"\ndiscovery = \"some\"\nextra = 1\n");
    const std::vector<std::string> expected{
        "/etc/gatefold/gatefold.toml:2: http.port has to be a whole number from 0 to 65535",
        "/etc/gatefold/gatefold.toml:3: http.listen is not an IP address such as 0.0.0.0, "
        "127.0.0.1 or ::",
        "/etc/gatefold/gatefold.toml:5: mqtt.tls has to be true or false",
        "/etc/gatefold/gatefold.toml:6: mqtt.node is not 1 to 32 characters of a-z, 0-9, '_' and "
        "'-'",
        "/etc/gatefold/gatefold.toml:7: mqtt.discovery is none of: device, component, off",
        "/etc/gatefold/gatefold.toml:8: unknown key mqtt.extra",
    };
    BOOST_TEST(reading.problems == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(values_outside_their_range_are_refused) {
    const char* wrong[] = {
        "[http]\nport = -1\n",
        "[http]\nport = \"80\"\n",
        "[http]\npublic_url = \"gatefold.local\"\n",
        "[store]\npath = \"\"\n",
        "[mqtt]\nport = 0\n",
        "[mqtt]\nhost = \"\"\n",
        "[mqtt]\nbase = \"/gatefold\"\n",
        "[mqtt]\nbase = \"a/#\"\n",
        "[mqtt]\nbase = \"a//b\"\n",
        "[mqtt]\nusername = \"a\\u0007b\"\n",
        "[lookup.discogs]\nbase_url = \"ftp://example.org\"\n",
        "[lookup]\ncontact = \"Anna\"\n",
        "[lookup]\ncontact = \"a@b.example\\nX: 1\"\n",
        "[lookup]\ncontact = \"a@b.example)\"\n",
        "[lookup]\ncontact = \"h\u00e4@b.example\"\n",
        "[log]\nlevel = \"loud\"\n",
        "[[deck]]\nid = \"status\"\n",
        "[[deck]]\nid = \"Main\"\n",
        "[[deck]]\nname = \"no id\"\n",
        "[[deck]]\nid = \"a\"\n[[deck]]\nid = \"a\"\n",
        "[[device]]\nname = \"no match\"\n",
        "[[device]]\nmatch = \"usb:\"\n",
        "[[device]]\nmatch = \"scanner\"\n",
        "[[device]]\nmatch = \"tty:relative\"\n",
        "[[device]]\nmatch = \"usb:1-1\"\nlayout = \"dvorak\"\n",
        "[[device]]\nmatch = \"usb:1-1\"\ndeck = \"nowhere\"\n",
        "[[device]]\nmatch = \"tty:/dev/ttyUSB0\"\nbaud = 9601\n",
        "[[device]]\nmatch = \"tty:/dev/ttyUSB0\"\nbaud = \"9600\"\n",
        "deck = 3\n",
        "http = 3\n",
        "[oidc.roles]\nadmin = 1\n",
    };
    for (const char* text : wrong)
        BOOST_TEST(read(text).problems.size() == 1U, text);
}

BOOST_AUTO_TEST_CASE(every_form_of_device_is_accepted) {
    for (const char* match : {"usb:1-1.3", "tty:/dev/ttyACM0", "video:/dev/video0",
                              "folder:/srv/frames", "rtsp://camera.local/stream"})
        BOOST_TEST(read("[[device]]\nmatch = \"" + std::string(match) + "\"\n").problems.empty(),
                   match);
}

BOOST_AUTO_TEST_CASE(a_key_of_a_feature_to_come_is_named_in_a_warning) {
    const SettingsReading reading =
        read("[http]\ntls_port = 8443\n[oidc]\nclient_id = \"gatefold\"\n");
    BOOST_TEST(reading.problems.empty());
    const std::vector<std::string> expected{
        "/etc/gatefold/gatefold.toml:2: http.tls_port is accepted, but HTTPS is not built yet",
        "/etc/gatefold/gatefold.toml:4: oidc.client_id is accepted, but sign-in with OIDC is not "
        "built yet",
    };
    BOOST_TEST(reading.warnings == expected, boost::test_tools::per_element());
    BOOST_TEST(read("[http]\ntls_port = 0\n").warnings.empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_toml_tells_the_line) {
    BOOST_TEST(onlyProblem("[http]\nport = \n").starts_with("/etc/gatefold/gatefold.toml:2: "));
    BOOST_TEST(
        onlyProblem("[http]\nport = 1\nport = 2\n").starts_with("/etc/gatefold/gatefold.toml:3: "));
}

BOOST_AUTO_TEST_CASE(paths_count_from_the_folder_of_the_file) {
    const SettingsReading reading =
        read("[store]\npath = \"../data\"\n[mqtt]\npassword_file = \"secrets/broker\"\n");
    BOOST_TEST(reading.settings.store.path == "/etc/data");
    BOOST_TEST(reading.settings.mqtt.password_file == "/etc/gatefold/secrets/broker");
    BOOST_TEST(reading.settings.catalogue.path == "");
}

BOOST_AUTO_TEST_CASE(a_wrong_file_is_one_error_with_every_problem) {
    const TempFolder folder;
    const auto file = folder.write("gatefold.toml", "[http]\nprot = 1\nlisten = 2\n");
    const auto isWhole = [&](const Error& error) {
        return error.code() == ErrorCode::configuration &&
               error.message() == file.string() +
                                      ":2: unknown key http.prot; did you mean http.port?\n" +
                                      file.string() + ":3: http.listen has to be text in quotes";
    };
    BOOST_CHECK_EXCEPTION(loadSettings(file), Error, isWhole);
    const auto isMissing = [](const Error& error) {
        return error.code() == ErrorCode::configuration;
    };
    BOOST_CHECK_EXCEPTION(loadSettings(folder.path() / "none.toml"), Error, isMissing);
}

BOOST_AUTO_TEST_CASE(the_example_holds_every_key_with_its_default) {
    std::ifstream file(std::string(GATEFOLD_SOURCE_DIR) + "/config/gatefold.toml.example");
    std::stringstream text;
    text << file.rdbuf();
    const SettingsReading reading = read(text.str());
    BOOST_TEST(reading.problems.empty());
    BOOST_TEST(reading.settings.set_in_file.empty());

    std::string uncommented;
    for (std::string line; std::getline(text, line);)
        uncommented +=
            (line.starts_with("#") && !line.starts_with("# ") ? line.substr(1) : line) + "\n";
    SettingsReading full = read(uncommented);
    BOOST_TEST(full.problems.empty());
    Settings standard;
    for (const SettingRow& row : settingRows()) {
        BOOST_TEST(full.settings.set_in_file.contains(row.name()), row.name());
        std::visit(
            [&](auto* slot) {
                BOOST_TEST(*slot == *std::get<decltype(slot)>(row.slot(standard)), row.name());
            },
            row.slot(full.settings));
    }
    BOOST_TEST(full.settings.decks.size() == 1U);
    BOOST_TEST(full.settings.devices.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace gatefold::platform
