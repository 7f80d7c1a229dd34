# What `cmake --install` puts down: the library with its public headers, a CMake package, a pkg-config file,
# the command with its manual page and completions.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/rondo)

install(TARGETS rondo rondo_testing
  EXPORT rondoTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT rondoTargets NAMESPACE rondo:: DESTINATION ${package_dir})

configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/rondoConfig.cmake.in ${PROJECT_BINARY_DIR}/rondoConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/rondoConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/rondoConfig.cmake ${PROJECT_BINARY_DIR}/rondoConfigVersion.cmake
  DESTINATION ${package_dir})

# rondo.pc finds its prefix from where it lies, so that an installed tree can be moved.
file(RELATIVE_PATH RONDO_PC_TO_PREFIX /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
string(REGEX REPLACE "/$" "" RONDO_PC_TO_PREFIX ${RONDO_PC_TO_PREFIX})
configure_file(${PROJECT_SOURCE_DIR}/cmake/rondo.pc.in ${PROJECT_BINARY_DIR}/rondo.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/rondo.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

if(TARGET rondo_cli)
  install(TARGETS rondo_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  if(TARGET rondo_completions)
    set(completions ${PROJECT_BINARY_DIR}/completions)
    install(FILES ${completions}/rondo.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME rondo)
    install(FILES ${completions}/rondo.zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions RENAME _rondo)
    install(FILES ${completions}/rondo.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
  endif()
endif()
if(EXISTS ${PROJECT_SOURCE_DIR}/docs/rondo.1)
  install(FILES ${PROJECT_SOURCE_DIR}/docs/rondo.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()
