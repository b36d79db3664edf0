#include "http/handlers.hpp"
#include "http/openapi.hpp"

#include "app/cards.hpp"

#include <string_view>

namespace gatefold::http {

namespace {

/// Lines of the Prometheus text format (version 0.0.4).
class MetricsText {
public:
    void add(std::string_view name, std::string_view type, std::string_view help, double value) {
        head(name, type, help);
        line(name, "", value);
    }
    void head(std::string_view name, std::string_view type, std::string_view help) {
        text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
        text_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
    }
    void line(std::string_view name, std::string_view labels, double value) {
        text_.append(name).append(labels).append(" ").append(json::write(value)).append("\n");
    }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

double number(std::int64_t value) {
    return static_cast<double>(value);
}

void addBox(MetricsText& out, const BoxState& box) {
    out.head("gatefold_info", "gauge", "What runs here.");
    out.line("gatefold_info", "{version=" + json::write(box.version) + "}", 1);
    out.add("gatefold_uptime_seconds", "gauge", "Since the daemon's start.",
            number(box.health.uptime_s));
    out.add("gatefold_disk_free_megabytes", "gauge", "In the store.",
            number(box.health.disk_free_mb));
    out.add("gatefold_records", "gauge", "Copies on the shelf.", number(box.collection.records));
    out.add("gatefold_releases", "gauge", "Different releases on the shelf.",
            number(box.collection.releases));
    out.add("gatefold_played_30d", "gauge", "Records put on in 30 days.",
            number(box.collection.played_30d));
    out.add("gatefold_catalogue_releases", "gauge", "In the offline catalogue.",
            number(box.catalogue.releases));
    out.add("gatefold_outbox_pending", "gauge", "Rows that wait for the broker.",
            number(box.outbox.pending));
    out.add("gatefold_outbox_oldest_seconds", "gauge", "Age of the oldest.",
            number(box.outbox.oldest_s));
    out.add("gatefold_outbox_parked", "gauge", "Rows that the broker refused.",
            number(box.outbox.parked));
    out.add("gatefold_outbox_expired", "gauge", "Rows that were no news any more.",
            number(box.outbox.expired));
    out.add("gatefold_mqtt_connected", "gauge", "1 while the broker is reached.",
            box.mqtt.connected ? 1 : 0);
    out.head("gatefold_mqtt_problem", "gauge", "What is wrong with the link, in words.");
    if (!box.mqtt.problem.empty())
        out.line("gatefold_mqtt_problem", "{words=" + json::write(box.mqtt.problem) + "}", 1);
    out.add("gatefold_mqtt_reconnects_total", "counter", "Connections made again.",
            number(box.mqtt.reconnects));
}

} // namespace

Alive getHealth(const Context&) {
    return {.version = GATEFOLD_VERSION};
}

Reply getMetrics(const Context& context) {
    MetricsText out;
    addBox(out, context.use.system.state());
    out.head("gatefold_http_replies_total", "counter", "Replies by class of status.");
    for (std::size_t i = 2; i < context.metrics.replies.size(); ++i)
        out.line("gatefold_http_replies_total", "{class=\"" + std::to_string(i) + "xx\"}",
                 number(context.metrics.replies[i]));
    out.add("gatefold_http_event_streams", "gauge", "Open event streams.",
            number(context.metrics.streams));
    out.add("gatefold_http_connections", "gauge", "Open connections.",
            number(context.metrics.connections));
    Reply reply;
    reply.media = "text/plain; version=0.0.4; charset=utf-8";
    reply.body = out.take();
    return reply;
}

Reply getApiDocument(const Context&) {
    Reply reply;
    reply.body = json::write(apiDocument());
    return reply;
}

Reply printCards(const Context& context) {
    const auto sheets = context.use.store.read([](const ReadTx& tx) { return cardSheets(tx); });
    Reply reply;
    reply.media = "application/pdf";
    reply.body = context.use.cards.pdf(sheets);
    return reply.with("Content-Disposition", "inline; filename=\"gatefold-cards.pdf\"");
}

Job updateCatalogue(const Context& context) {
    return context.use.system.updateCatalogue({});
}

Page<Job> listJobs(const Context& context) {
    return context.use.system.jobs(pageOf(context.request));
}

SettingList getSettings(const Context& context) {
    return context.use.system.settings();
}

BackupList listBackups(const Context& context) {
    return context.use.system.backups();
}

Job startBackup(const Context& context) {
    return context.use.system.startBackup();
}

} // namespace gatefold::http
