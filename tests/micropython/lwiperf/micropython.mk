SRC_USERMOD_C += $(USERMOD_DIR)/modlwiperf.c
