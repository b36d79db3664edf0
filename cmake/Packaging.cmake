# Where everything goes on a box, and the Debian package made of it. The build folder has the same layout (sbin, bin, libexec, share),
# so that the programs find their parts from their own place in both.

if(CMAKE_INSTALL_PREFIX_INITIALIZED_TO_DEFAULT)
    set(CMAKE_INSTALL_PREFIX /usr CACHE PATH "Where Gatefold is installed" FORCE)
    set(CMAKE_INSTALL_FULL_SBINDIR /usr/sbin)
    set(CMAKE_INSTALL_FULL_SYSCONFDIR /etc)
elseif(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
    set(CMAKE_INSTALL_FULL_SYSCONFDIR /etc)
endif()
set(GATEFOLD_PAGE_DIR "${CMAKE_SOURCE_DIR}/webui/dist" CACHE PATH "The page's built files")

# --- programs -------------------------------------------------------------------------------------

foreach(program IN ITEMS "gatefoldd:sbin" "gatefold:bin" "gatefold-vision:libexec/gatefold")
    string(REPLACE ":" ";" parts ${program})
    list(GET parts 0 target)
    list(GET parts 1 folder)
    if(TARGET ${target})
        set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/${folder})
        install(TARGETS ${target} RUNTIME DESTINATION ${folder})
    endif()
endforeach()

file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/share/gatefold)
file(CREATE_LINK ${GATEFOLD_PAGE_DIR} ${CMAKE_BINARY_DIR}/share/gatefold/webui SYMBOLIC)

# --- the page -------------------------------------------------------------------------------------

install(CODE "if(NOT EXISTS \"${GATEFOLD_PAGE_DIR}/index.html\")
    message(FATAL_ERROR \"The page is not built: run `npm ci && npm run build` in webui/ first\")
endif()")
install(DIRECTORY ${GATEFOLD_PAGE_DIR}/ DESTINATION share/gatefold/webui)

# --- units, rules, configuration ------------------------------------------------------------------

configure_file(systemd/gatefold.service.in ${CMAKE_BINARY_DIR}/gatefold.service @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/gatefold.service systemd/gatefold.socket DESTINATION lib/systemd/system)
install(FILES systemd/gatefold.sysusers DESTINATION lib/sysusers.d RENAME gatefold.conf)
install(FILES systemd/gatefold.tmpfiles DESTINATION lib/tmpfiles.d RENAME gatefold.conf)
install(FILES systemd/gatefold.avahi.xml DESTINATION ${CMAKE_INSTALL_FULL_SYSCONFDIR}/avahi/services
    RENAME gatefold.service)
file(GLOB rules CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/systemd/*.rules)
if(rules)
    install(FILES ${rules} DESTINATION lib/udev/rules.d)
endif()
install(FILES config/gatefold.toml.example DESTINATION ${CMAKE_INSTALL_FULL_SYSCONFDIR}/gatefold
    RENAME gatefold.toml)
install(DIRECTORY config/ DESTINATION share/doc/gatefold/examples PATTERN CMakeLists.txt EXCLUDE)

# --- documents ------------------------------------------------------------------------------------

# A package is for the Debian release that it is built on: another one has other versions of its libraries. "0.1.0~deb13" is newer than
# "0.1.0~deb12", so a box that moves to the next release gets its package.
set(GATEFOLD_PACKAGE_VERSION ${PROJECT_VERSION})
cmake_host_system_information(RESULT distribution QUERY DISTRIB_ID)
cmake_host_system_information(RESULT distribution_release QUERY DISTRIB_VERSION_ID)
if(distribution STREQUAL "debian")
    string(APPEND GATEFOLD_PACKAGE_VERSION "~deb${distribution_release}")
endif()

configure_file(systemd/debian/changelog.in ${CMAKE_BINARY_DIR}/changelog @ONLY)
execute_process(COMMAND gzip -9nkf ${CMAKE_BINARY_DIR}/changelog COMMAND_ERROR_IS_FATAL ANY)
install(FILES ${CMAKE_BINARY_DIR}/changelog.gz systemd/debian/copyright DESTINATION share/doc/gatefold)
install(FILES README.md DESTINATION share/doc/gatefold OPTIONAL)

# --- Debian package -------------------------------------------------------------------------------

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME gatefold)
set(CPACK_PACKAGE_VERSION ${GATEFOLD_PACKAGE_VERSION})
set(CPACK_PACKAGE_VENDOR "The Gatefold authors")
set(CPACK_PACKAGE_CONTACT "The Gatefold authors <gatefold@gatefold.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "home server for a household's vinyl records")
set(CPACK_PACKAGE_DESCRIPTION
    "Gatefold owns the barcode scanners and cameras plugged into this box, knows
every record in the house, serves a local web page to the home network, and
tells home automation over MQTT what is playing. It works without internet.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR ON) # configuration goes to /etc, outside the prefix
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "ca-certificates, systemd, udev")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "avahi-daemon, mosquitto")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    "${CMAKE_SOURCE_DIR}/systemd/debian/postinst;${CMAKE_SOURCE_DIR}/systemd/debian/prerm;${CMAKE_SOURCE_DIR}/systemd/debian/postrm;${CMAKE_SOURCE_DIR}/systemd/debian/conffiles")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
