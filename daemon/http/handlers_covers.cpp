#include "http/handlers.hpp"

namespace gatefold::http {

Reply getCover(const Context& context) {
    return context.files.cover(context.request.parameter("name") + ".jpg");
}

CopyView setCopyCover(const Context& context, const ImageBody& body) {
    return context.use.covers.setOfCopy(idOf<CopyId>(context), body.bytes,
                                        context.callerIsStillGood());
}

CopyView removeCopyCover(const Context& context) {
    return context.use.covers.removeOfCopy(idOf<CopyId>(context));
}

} // namespace gatefold::http
