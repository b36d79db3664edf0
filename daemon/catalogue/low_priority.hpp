#pragma once

namespace gatefold::catalogue {

/// From now on this thread, and those it starts, use the disk and the processor only when nobody
/// else wants them. What the system refuses is left as it was.
void yieldToOthers() noexcept;

} // namespace gatefold::catalogue
