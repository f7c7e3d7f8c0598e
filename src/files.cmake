# The source files, layer by layer, for whoever builds them with CMake. The
# engine is compiled with the lwipopts.h of the program that uses it.

get_filename_component(IPERF3_DIR ${CMAKE_CURRENT_LIST_DIR} DIRECTORY)
set(IPERF3_INCLUDES ${IPERF3_DIR}/include ${IPERF3_DIR}/src/core)

file(GLOB IPERF3_CORE_SOURCES CONFIGURE_DEPENDS ${IPERF3_DIR}/src/core/*.c)
file(GLOB IPERF3_ENGINE_SOURCES CONFIGURE_DEPENDS ${IPERF3_DIR}/src/lwip/*.c)
file(GLOB IPERF3_REPORT_SOURCES CONFIGURE_DEPENDS ${IPERF3_DIR}/src/report/*.c)
