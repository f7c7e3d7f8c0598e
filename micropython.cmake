# User C module for the MicroPython ports that are built by CMake; ports without
# lwIP get nothing.

include(${CMAKE_CURRENT_LIST_DIR}/src/files.cmake)

add_library(usermod_iperf3_lwip INTERFACE)
if(MICROPY_PY_LWIP)
    file(GLOB IPERF3_MICROPYTHON_SOURCES CONFIGURE_DEPENDS ${IPERF3_DIR}/micropython/*.c)
    target_sources(usermod_iperf3_lwip INTERFACE
        ${IPERF3_MICROPYTHON_SOURCES} ${IPERF3_CORE_SOURCES}
        ${IPERF3_ENGINE_SOURCES} ${IPERF3_REPORT_SOURCES})
    target_include_directories(usermod_iperf3_lwip INTERFACE ${IPERF3_INCLUDES})
endif()
target_link_libraries(usermod INTERFACE usermod_iperf3_lwip)
