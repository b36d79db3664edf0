#include "http/handlers.hpp"

namespace gatefold::http {

Page<ScanView> listScans(const Context& context) {
    return context.use.scanning.list(pageOf(context.request));
}

Answer<ScanAnswer> handInScan(const Context& context, const NewScanRequest& body) {
    ScanRequest scan;
    scan.source = body.source.value_or("");
    scan.bytes = body.code;
    scan.client_id = body.client_id;
    scan.scanned_at = body.scanned_at;
    const ScanReply reply = context.use.scanning.scan(scan);
    return {.value = reply.answer, .status = reply.repeated ? 200 : 201};
}

ScanAnswer undoScan(const Context& context) {
    return context.use.scanning.undo(idOf<ScanId>(context));
}

Page<InboxItem> listInbox(const Context& context) {
    return context.use.inbox.open(pageOf(context.request));
}

InboxItem getInboxItem(const Context& context) {
    return context.use.inbox.item(idOf<InboxId>(context));
}

InboxItem resolveInboxItem(const Context& context, const Resolution& body) {
    return context.use.inbox.resolve(idOf<InboxId>(context), body);
}

PhotoCodes decodePhoto(const Context& context, const ImageBody& body) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(body.bytes.data());
    return {context.use.photos.decode({bytes, body.bytes.size()})};
}

Page<DeviceView> listDevices(const Context& context) {
    return wholeList(context.use.devices.list());
}

DeviceView getDevice(const Context& context) {
    return context.use.devices.device(context.request.parameter("id"));
}

DeviceView editDevice(const Context& context, const DevicePatch& body) {
    const std::string& id = context.request.parameter("id");
    const auto version = matchedVersion(context.request, context.use.devices.device(id).version);
    return context.use.devices.edit(id, body, version);
}

DeviceView startLayoutTest(const Context& context) {
    return context.use.devices.startLayoutTest(context.request.parameter("id"));
}

} // namespace gatefold::http
