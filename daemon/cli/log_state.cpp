#include "cli/log_state.hpp"

#include "platform/store_lock.hpp"
#include "store/database_file.hpp"
#include "store/store.hpp"

namespace gatefold::cli {

store::LogState stateOfLogIn(const std::filesystem::path& folder) {
    const std::filesystem::path database = store::databaseFile(folder);
    const store::LogState state = store::stateOfLog(database);
    if (state == store::LogState::whole || platform::StoreLock::isTaken(folder))
        return store::LogState::whole;
    return store::stateOfLog(database); // looked at again, since nobody writes it now
}

} // namespace gatefold::cli
