# The one door: build check check-long asan fuzz bench format clean.
#
#   make              programs and the module, in build/
#   make check        all tests through prove
#   make asan         the same under AddressSanitizer and UBSan
#   make fuzz         each fuzz target for FUZZ_SECONDS (60), with clang
#   make bench        W1 and W2 against their baselines
#   make format       clang-format over the tree
#
# BUILD=dir puts the output elsewhere; SAN=address,undefined instruments it.

BUILD   ?= build
# One name for each object, however it is asked for: or what it depends on is
# not found again.
override BUILD := $(abspath $(BUILD))
SAN     ?=
CC      ?= gcc
CFLAGS  ?= -O2 -g
VERSION := 0.2.0

SAN_FLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer)
ALL_CFLAGS := -std=gnu11 -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -fPIC -fstack-protector-strong \
	-D_GNU_SOURCE -DDOSIS_VERSION='"$(VERSION)"' $(if $(SAN),,-D_FORTIFY_SOURCE=2) \
	-Iengine -I. -It/lib $(CFLAGS) $(SAN_FLAGS)
LIB_LIBS := -llmdb -ljansson -lcrypto -lpthread

LIB_SRCS := $(addprefix engine/,$(shell sed '/^\#/d' engine/sources))
LIB_OBJS := $(LIB_SRCS:%.c=$(BUILD)/obj/%.o)
LIB      := $(BUILD)/libdosis.a

DAEMON_SRCS := $(wildcard engine/daemon/*.c engine/jobs/*.c)
CTL_SRCS    := $(wildcard engine/ctl/*.c)
UNIT_SRCS   := $(wildcard t/unit/unit_*.c)
UNITS       := $(UNIT_SRCS:t/unit/%.c=$(BUILD)/t/%.t)
TOOL_SRCS   := $(wildcard t/tools/*.c)
TOOLS       := $(TOOL_SRCS:t/tools/%.c=$(BUILD)/%) \
	$(BUILD)/disk_shim.so $(BUILD)/disk_replay
FUZZ_NAMES  := $(patsubst t/fuzz/%.c,%,$(wildcard t/fuzz/fuzz_*.c))
REPLAYS     := $(FUZZ_NAMES:%=$(BUILD)/%)
FUZZ_SECONDS ?= 60
MODULE_SRCS := $(wildcard ngx_dosis_module/*.[ch] ngx_dosis_module/*/*.[ch])
MODULE_DOCS := scripts/documents $(wildcard ngx_dosis_module/ui/*.jsonld \
	$(addprefix ngx_dosis_module/ui/openapi/,*.json */*.json */*/*.json))

.PHONY: all build lib check check-long asan fuzz bench format clean units
.SECONDARY:

all: build

build: $(BUILD)/dosisd $(BUILD)/dosisctl $(BUILD)/ngx_dosis_module.so

lib: $(LIB)

units: $(UNITS) $(TOOLS) $(REPLAYS)

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(LIB): $(LIB_OBJS)
	@rm -f $@
	ar rcs $@ $^

$(BUILD)/dosisd: $(DAEMON_SRCS:%.c=$(BUILD)/obj/%.o) $(LIB)
	$(CC) $(ALL_CFLAGS) -o $@ $^ -lmicrohttpd $(LIB_LIBS)

$(BUILD)/dosisctl: $(CTL_SRCS:%.c=$(BUILD)/obj/%.o) $(LIB)
	$(CC) $(ALL_CFLAGS) -o $@ $^ -lcurl -ljwt $(LIB_LIBS)

$(BUILD)/ngx_dosis_module.so: config engine/sources $(LIB_SRCS) \
    $(MODULE_SRCS) $(MODULE_DOCS) $(wildcard engine/*/*.h)
	BUILD=$(BUILD) SAN=$(SAN) VERSION=$(VERSION) scripts/build-module

$(BUILD)/t/%.t: $(BUILD)/obj/t/unit/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -o $@ $^ $(LIB_LIBS)

$(REPLAYS): $(BUILD)/fuzz_%: $(BUILD)/obj/t/fuzz/fuzz_%.o \
    $(BUILD)/obj/t/fuzz/replay.o $(LIB)
	$(CC) $(ALL_CFLAGS) -o $@ $^ $(LIB_LIBS)

$(BUILD)/%: $(BUILD)/obj/t/tools/%.o $(LIB)
	$(CC) $(ALL_CFLAGS) -o $@ $^ $(LIB_LIBS)

# Stands between any program and its files: so without sanitizers, and without
# what the C library puts in front of the calls that it stands in for.
$(BUILD)/disk_shim.so: t/disk/shim_log.c t/disk/shim_call.c t/disk/shim_map.c \
    $(wildcard t/disk/*.h)
	@mkdir -p $(@D)
	$(CC) $(filter-out -fsanitize=% -D_FORTIFY_SOURCE=2,$(ALL_CFLAGS)) -shared \
	    -o $@ $(filter %.c,$^)

$(BUILD)/disk_replay: $(BUILD)/obj/t/disk/replay.o \
    $(BUILD)/obj/t/disk/replay_model.o
	$(CC) $(ALL_CFLAGS) -o $@ $^

check: build units
	scripts/node-packages all
	BUILD=$(BUILD) prove -r $(BUILD)/t t

check-long: check
	DOSIS_LONG=1 BUILD=$(BUILD) prove -r t/crash

asan:
	scripts/node-packages all
	$(MAKE) BUILD=build-asan SAN=address,undefined CFLAGS='-O1 -g' build units
	BUILD=build-asan SAN=address,undefined scripts/prove-asan

# clang's libFuzzer; what it finds goes to t/fuzz/corpus, with a name.
fuzz:
	@for name in $(FUZZ_NAMES); do \
	    mkdir -p $(BUILD)/corpus/$$name; \
	    clang -g -O1 -fsanitize=fuzzer,address,undefined -D_GNU_SOURCE \
	        -Iengine -o $(BUILD)/libfuzz_$$name t/fuzz/$$name.c $(LIB_SRCS) \
	        $(LIB_LIBS) || exit 1; \
	    $(BUILD)/libfuzz_$$name -max_total_time=$(FUZZ_SECONDS) \
	        -max_len=4096 $(BUILD)/corpus/$$name \
	        t/fuzz/corpus/$${name#fuzz_} || exit 1; \
	done

bench: build units
	scripts/bench

format:
	clang-format -i $$(git ls-files '*.c' '*.h')

clean:
	rm -rf $(BUILD) build-asan

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
