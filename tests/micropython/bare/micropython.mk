SRC_USERMOD_C += $(USERMOD_DIR)/modbare.c
