# Headers that are parsed once for many files.
#
# Only the standard library is in there, and Boost.Test for the tests: what every folder may include (tests/tidy/include_rule.py reads the
# includes as they are written, so that the rule holds as before). A file that forgets one of these includes still fails in the default run:
# clang-tidy looks at each file for itself, without precompiled headers (the preset tidy).

set(GATEFOLD_STANDARD_HEADERS
    <algorithm> <array> <charconv> <chrono> <cstdint> <filesystem> <fstream> <functional> <iostream> <map> <memory> <mutex> <optional> <set>
    <span> <sstream> <string> <string_view> <thread> <unordered_map> <utility> <variant> <vector>)

# A compiler takes a precompiled header only for the options that it was made with, so there is one for libraries; that of the tests is
# made in tests/support.
add_library(gatefold_library_headers STATIC ${CMAKE_SOURCE_DIR}/cmake/headers.cpp)
target_link_libraries(gatefold_library_headers PRIVATE gatefold_options)
target_precompile_headers(gatefold_library_headers PRIVATE ${GATEFOLD_STANDARD_HEADERS})
# A header's time of change is no part of its content: ccache gives a clone the precompiled header of another one.
target_compile_options(gatefold_options INTERFACE "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
