# The build's vocabulary: one function per kind of target, so that folders' files stay lists.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

find_program(GATEFOLD_CCACHE ccache)
if(GATEFOLD_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${GATEFOLD_CCACHE})
    set(CMAKE_C_COMPILER_LAUNCHER ${GATEFOLD_CCACHE})
endif()

# Lines and functions for a backtrace; what a debugger needs besides (the debug preset has it) takes a third of the build's time.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")

include(GNUInstallDirs)
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(spdlog REQUIRED)
find_package(Poco REQUIRED COMPONENTS Foundation)

add_library(gatefold_options INTERFACE)
target_compile_options(gatefold_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
# g++ 12 sees uninitialised members in every optimised std::variant and std::optional, and overlapping copies in std::string::insert (GCC bug
# 105651). It also judges std::string's own copies (array-bounds, stringop-*) where the precompiled header hides that they are a system
# header's. Sanitizers and clang find the real ones.
target_compile_options(gatefold_options INTERFACE
    "$<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized;-Wno-restrict;-Wno-array-bounds;-Wno-stringop-overflow;-Wno-stringop-overread>")
# Eight files of a target are compiled as one (CMAKE_UNITY_BUILD): headers are parsed once for all. g++ takes the anonymous namespace of a file
# that is included for one that others see.
if(CMAKE_UNITY_BUILD)
    target_compile_options(gatefold_options INTERFACE "$<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>")
endif()
target_include_directories(gatefold_options INTERFACE
    ${CMAKE_SOURCE_DIR}/daemon ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)
target_compile_definitions(gatefold_options INTERFACE
    GATEFOLD_VERSION="${PROJECT_VERSION}")
target_link_libraries(gatefold_options INTERFACE Threads::Threads)
# A precompiled header fits only where macros and -pthread are the same for all; Poco and umockdev bring some of their own.
target_compile_options(gatefold_options INTERFACE -pthread)
target_compile_definitions(gatefold_options INTERFACE
    $<TARGET_PROPERTY:Poco::Foundation,INTERFACE_COMPILE_DEFINITIONS>)
# Hardening costs nothing measurable here and a parser bug on a home network everything.
target_compile_options(gatefold_options INTERFACE -fstack-protector-strong)
if(GATEFOLD_SANITIZE)
    # Shadow memory breaks limits of memory, and hardening hides what a sanitizer would say.
    target_compile_definitions(gatefold_options INTERFACE GATEFOLD_SANITIZED)
elseif(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
    target_compile_definitions(gatefold_options INTERFACE _FORTIFY_SOURCE=2)
endif()
if(GATEFOLD_SANITIZE STREQUAL "address")
    add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
elseif(GATEFOLD_SANITIZE STREQUAL "thread")
    add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
    add_link_options(-fsanitize=thread)
elseif(GATEFOLD_SANITIZE)
    message(FATAL_ERROR "GATEFOLD_SANITIZE is ${GATEFOLD_SANITIZE}; it can be address, thread, or empty")
endif()

include(PrecompiledHeaders)

# gatefold_library(name SOURCES a.cpp ... [PUBLIC libs...] [PRIVATE libs...]): the static library of one folder.
# The link lines are the dependency rule; an INTERFACE library when there are no sources.
function(gatefold_library name)
    cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
    if(ARG_SOURCES)
        add_library(gatefold_${name} STATIC ${ARG_SOURCES})
        target_link_libraries(gatefold_${name} PUBLIC gatefold_options ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
        target_precompile_headers(gatefold_${name} REUSE_FROM gatefold_library_headers)
    else()
        add_library(gatefold_${name} INTERFACE)
        target_link_libraries(gatefold_${name} INTERFACE gatefold_options ${ARG_PUBLIC})
    endif()
    add_library(gatefold::${name} ALIAS gatefold_${name})
endfunction()

# gatefold_link_fast(target): links a program of the tests with mold where it is installed, which takes a fifth of the time. What is shipped
# is linked by the distribution's own linker.
find_program(GATEFOLD_MOLD mold)
function(gatefold_link_fast target)
    if(GATEFOLD_MOLD)
        target_link_options(${target} PRIVATE -fuse-ld=mold)
    endif()
endfunction()

# gatefold_test(name SOURCES ... LINK ... [LABELS ...] [WRAPPER cmd...] [TIMEOUT s] [LOCK name] [COST s] [ENV A=B ...]):
# one Boost.Test program and its ctest entry. WRAPPER runs before the program (umockdev-wrapper); tests of one LOCK wait for one
# another; the longest tests, by COST, start first.
function(gatefold_test name)
    cmake_parse_arguments(ARG "" "TIMEOUT;LOCK;COST" "SOURCES;LINK;LABELS;WRAPPER;ENV" ${ARGN})
    if(NOT GATEFOLD_TESTS)
        return()
    endif()
    add_executable(test_${name} ${ARG_SOURCES})
    target_compile_definitions(test_${name} PRIVATE
        GATEFOLD_SOURCE_DIR="${CMAKE_SOURCE_DIR}" GATEFOLD_BINARY_DIR="${CMAKE_BINARY_DIR}")
    target_link_libraries(test_${name} PRIVATE gatefold_test_support ${ARG_LINK} boost_unit_test_framework)
    target_precompile_headers(test_${name} REUSE_FROM gatefold_test_support)
    gatefold_link_fast(test_${name})
    add_test(NAME ${name} COMMAND ${ARG_WRAPPER} $<TARGET_FILE:test_${name}>)
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 300)
    endif()
    set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}"
        ENVIRONMENT "${ARG_ENV}")
    if(ARG_COST)
        set_tests_properties(${name} PROPERTIES COST ${ARG_COST})
    endif()
    if(ARG_LOCK)
        set_tests_properties(${name} PROPERTIES RESOURCE_LOCK ${ARG_LOCK})
    endif()
endfunction()

# gatefold_fuzz(name SOURCES ... LINK ...): one libFuzzer program `fuzz_<name>`, seeds in tests/fuzz/corpus/<name>.
function(gatefold_fuzz name)
    cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
    if(NOT GATEFOLD_SANITIZE STREQUAL "address")
        return()
    endif()
    add_executable(fuzz_${name} ${ARG_SOURCES})
    target_link_libraries(fuzz_${name} PRIVATE gatefold_options ${ARG_LINK})
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    gatefold_link_fast(fuzz_${name})
endfunction()
