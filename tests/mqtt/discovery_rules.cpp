#include "discovery_rules.hpp"

#include "core/error.hpp"
#include "core/time.hpp"
#include "json/write.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <regex>
#include <sstream>

namespace gatefold::test {

namespace {

using json::Value;
using Words = std::set<std::string, std::less<>>;

Words words(const char* text) {
    std::istringstream in(text);
    Words found;
    for (std::string word; in >> word;)
        found.insert(word);
    return found;
}

struct Platform {
    Words required, allowed, device_classes;
};

/// Keys that every entity may have (core, components/mqtt/schemas.py).
const char* const common =
    "availability availability_mode availability_topic availability_template payload_available "
    "payload_not_available device enabled_by_default encoding entity_category entity_picture icon "
    "json_attributes_topic json_attributes_template name default_entity_id qos unique_id origin ";

Platform platform(const char* required, const std::string& further, const char* classes = "") {
    Platform made{words(required), words((common + further).c_str()), words(classes)};
    made.allowed.insert(made.required.begin(), made.required.end());
    return made;
}

const std::map<std::string, Platform, std::less<>>& platforms() {
    static const std::map<std::string, Platform, std::less<>> table{
        {"sensor", platform("state_topic",
                            "value_template device_class expire_after force_update "
                            "last_reset_value_template options state_class "
                            "suggested_display_precision unit_of_measurement",
                            "enum timestamp duration temperature data_size date")},
        {"binary_sensor", platform("state_topic",
                                   "value_template device_class expire_after force_update "
                                   "off_delay payload_on payload_off",
                                   "running problem connectivity update sound occupancy")},
        {"event", platform("state_topic event_types", "value_template device_class",
                           "button doorbell motion")},
        {"image", platform("", "content_type image_topic image_encoding url_topic url_template")},
        {"button", platform("command_topic", "command_template device_class payload_press retain",
                            "identify restart update")},
        {"update", platform("state_topic",
                            "value_template device_class latest_version_topic "
                            "latest_version_template release_summary release_url title "
                            "display_precision command_topic payload_install retain",
                            "firmware")},
        {"tag", {words("topic device"), words("topic device value_template origin"), {}}},
        {"device_automation",
         {words("automation_type type subtype topic device"),
          words("automation_type type subtype topic device payload value_template qos origin"),
          {}}}};
    return table;
}

const Words units = words("h min s records messages °C MB");
const Words stateClasses = words("measurement total total_increasing");

struct Check {
    std::string where;
    std::vector<std::string>& faults;
    void say(const std::string& text) const { faults.push_back(where + ": " + text); }

    void keys(const Value& object, const Words& allowed, const Words& required) const {
        if (!object.object()) {
            say("is no object");
            return;
        }
        for (const json::Member& member : *object.object())
            if (!allowed.contains(member.name))
                say("unknown key " + member.name);
        for (const std::string& name : required)
            if (!object.find(name))
                say("no " + name);
    }
    void oneOf(const Value& object, const char* key, const Words& allowed) const {
        const Value* value = object.find(key);
        if (value && (!value->string() || !allowed.contains(*value->string())))
            say(std::string("bad ") + key);
    }
};

bool isTopic(const Value& value) {
    const std::string* text = value.string();
    return text && !text->empty() && text->size() < 200 && text->front() != '/' &&
           text->find_first_of("#+ ") == std::string::npos;
}

void checkDevice(const Check& check, const Value& device) {
    check.keys(device,
               words("identifiers connections name manufacturer model model_id hw_version "
                     "sw_version serial_number suggested_area configuration_url via_device"),
               words("identifiers name"));
    const Value* url = device.find("configuration_url");
    if (url && (!url->string() || !url->string()->starts_with("http")))
        check.say("bad configuration_url");
}

void checkOrigin(const Check& check, const Value& origin) {
    check.keys(origin, words("name sw_version support_url"), words("name"));
}

void checkSensor(const Check& check, const Value& entity) {
    const std::string kind = entity.find("device_class") && entity.find("device_class")->string()
                                 ? *entity.find("device_class")->string()
                                 : "";
    const bool options = entity.find("options") != nullptr;
    if ((kind == "enum") != options)
        check.say("options belong to the class enum, and it needs them");
    if ((kind == "enum" || kind == "timestamp") &&
        (entity.find("unit_of_measurement") || entity.find("state_class")))
        check.say("a number's keys beside " + kind);
    check.oneOf(entity, "unit_of_measurement", units);
    check.oneOf(entity, "state_class", stateClasses);
}

void checkEntity(const Check& check, std::string_view name, const Value& entity,
                 bool availability_elsewhere, std::set<std::string>& seen_ids) {
    const auto found = platforms().find(name);
    if (found == platforms().end()) {
        check.say("no platform " + std::string(name));
        return;
    }
    const Platform& rules = found->second;
    check.keys(entity, rules.allowed, rules.required);
    for (const json::Member& member : *entity.object())
        if (member.name.ends_with("topic") && !isTopic(member.value))
            check.say("bad " + member.name);
    if (name == "tag" || name == "device_automation")
        return;
    const Value* id = entity.find("unique_id");
    if (!id || !id->string() || id->string()->empty())
        check.say("no unique_id");
    else if (!seen_ids.insert(*id->string()).second)
        check.say("unique_id twice: " + *id->string());
    if (!entity.find("name"))
        check.say("no name (null marks the main entity)");
    if (!availability_elsewhere && !entity.find("availability_topic"))
        check.say("no availability");
    check.oneOf(entity, "device_class", rules.device_classes);
    check.oneOf(entity, "entity_category",
                name == "button" ? words("config diagnostic") : words("diagnostic"));
    if (name == "sensor")
        checkSensor(check, entity);
    const bool one_source =
        (entity.find("image_topic") != nullptr) != (entity.find("url_topic") != nullptr);
    if (name == "image" && !one_source)
        check.say("needs exactly one of image_topic and url_topic");
    if (name == "button" && entity.find("retain"))
        check.say("a command is never retained");
}

void checkDeviceForm(const Value& root, std::vector<std::string>& faults,
                     std::set<std::string>& seen_ids) {
    const Check check{"root", faults};
    check.keys(root,
               words("device origin components availability availability_mode availability_topic "
                     "availability_template payload_available payload_not_available state_topic "
                     "command_topic qos encoding"),
               words("device origin components"));
    const bool available = root.find("availability_topic") || root.find("availability");
    if (!root.find("components") || !root.find("components")->object() || !root.find("device"))
        return;
    for (const json::Member& member : *root.find("components")->object()) {
        const Check inner{member.name, faults};
        const Value* named = member.value.find("platform");
        if (!named || !named->string()) {
            inner.say("no platform");
            continue;
        }
        Value entity(json::Object{});
        for (const json::Member& one : *member.value.object())
            if (one.name != "platform")
                entity.set(one.name, one.value);
        if (entity.find("device") || entity.find("origin"))
            inner.say("device and origin stand at the root");
        if (*named->string() == "tag" || *named->string() == "device_automation")
            entity.set("device", *root.find("device"));
        checkEntity(inner, *named->string(), entity, available, seen_ids);
    }
}

const Value* at(const Value& root, std::string path) {
    constexpr std::string_view start = "value_json";
    if (!path.starts_with(start))
        throw Error(ErrorCode::malformed, "no path: " + path);
    const Value* value = &root;
    std::istringstream rest(path.substr(start.size()));
    std::string name;
    std::getline(rest, name, '.');
    while (value && std::getline(rest, name, '.'))
        value = value->find(name);
    return value;
}

std::string text(const Value* value) {
    if (!value)
        return "";
    if (value->isNull())
        return "None";
    if (const std::string* words = value->string())
        return *words;
    if (const bool* truth = value->boolean())
        return *truth ? "True" : "False";
    return json::write(*value);
}

bool truth(const Value* value) {
    if (!value || value->isNull())
        return false;
    if (const bool* plain = value->boolean())
        return *plain;
    if (const std::string* words = value->string())
        return !words->empty();
    return text(value) != "0";
}

} // namespace

std::vector<std::string> discoveryFaults(std::string_view topic, std::string_view payload,
                                         std::set<std::string>& seen_ids) {
    std::vector<std::string> faults;
    const Value root = json::parse(payload);
    std::smatch parts;
    const std::string whole(topic);
    static const std::regex shape("[^/]+/([a-z_]+)/(?:([a-zA-Z0-9_-]+)/)?([a-zA-Z0-9_-]+)/config");
    if (!std::regex_match(whole, parts, shape))
        return {"topic: not of the form prefix/component/[node/]object/config"};
    if (const Value* device = root.find("device"))
        checkDevice({"device", faults}, *device);
    if (const Value* origin = root.find("origin"))
        checkOrigin({"origin", faults}, *origin);
    else
        faults.emplace_back("no origin");
    if (parts[1] == "device")
        checkDeviceForm(root, faults, seen_ids);
    else
        checkEntity({whole, faults}, parts[1].str(), root, false, seen_ids);
    return faults;
}

std::vector<std::string> stateFaults(const json::Value& entity, std::string_view state) {
    const std::string platform = *entity.find("platform")->string();
    const Value* kind = entity.find("device_class");
    std::vector<std::string> faults;
    if (state.size() > 255)
        faults.emplace_back("longer than 255");
    if (platform == "binary_sensor" && state != "ON" && state != "OFF")
        faults.emplace_back("neither ON nor OFF");
    if (const Value* options = entity.find("options"))
        if (std::find(options->array()->begin(), options->array()->end(), Value(state)) ==
            options->array()->end())
            faults.emplace_back("no option");
    if (kind && *kind == Value("timestamp") && state != "None" && !parseIsoTime(state))
        faults.emplace_back("no time with its zone");
    if (entity.find("unit_of_measurement") &&
        !std::regex_match(std::string(state), std::regex("-?[0-9]+(\\.[0-9]+)?")))
        faults.emplace_back("no number");
    return faults;
}

std::string rendered(std::string_view text_in, std::string_view payload) {
    const std::string source(text_in);
    const Value root = json::parse(payload);
    static const std::regex choice(
        R"(\{\{ ('[^']*'|value|value_json[.a-z_]*) if (value_json[.a-z_]+)(?: (==|>) ('[^']*'|[0-9]+))? else ('[^']*') \}\})");
    static const std::regex plain(R"(\{\{ (value_json[.a-z_]+)( \| default\('', true\))? \}\})");
    std::smatch parts;
    if (std::regex_match(source, parts, plain)) {
        const Value* value = at(root, parts[1]);
        return parts[2].matched && !truth(value) ? "" : text(value);
    }
    if (!std::regex_match(source, parts, choice))
        throw Error(ErrorCode::malformed, "outside the subset: " + source);
    const Value* tested = at(root, parts[2]);
    bool holds = truth(tested);
    const std::string literal = parts[4].str();
    if (parts[3] == "==")
        holds = text(tested) == literal.substr(1, literal.size() - 2);
    else if (parts[3] == ">")
        holds = std::stoll(text(tested)) > std::stoll(literal);
    const std::string taken = holds ? parts[1].str() : parts[5].str();
    if (taken.front() == '\'')
        return taken.substr(1, taken.size() - 2);
    return taken == "value" ? std::string(payload) : text(at(root, taken));
}

} // namespace gatefold::test
