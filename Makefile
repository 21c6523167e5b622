# The one door: build check check-long asan tsan fuzz bench format clean.
#
#   make              programs and the module, in build/
#   make check        all tests through prove
#   make asan         the same under AddressSanitizer and UBSan
#   make tsan         threads of the library and of the writer, under
#                     ThreadSanitizer
#   make fuzz         each fuzz target for FUZZ_SECONDS (60), with clang; FUZZ=jwt
#                     one of them
#   make bench        W1 and W2 against their baselines
#   make budgets      records how many instructions a request may take
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
VERSION := 0.6.4

SAN_FLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer)
ALL_CFLAGS := -std=gnu11 -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -fPIC -fstack-protector-strong \
	-D_GNU_SOURCE -DDOSIS_VERSION='"$(VERSION)"' $(if $(SAN),,-D_FORTIFY_SOURCE=2) \
	-Iengine -I. -It/lib $(CFLAGS) $(SAN_FLAGS)
LIB_LIBS := -llmdb -ljansson -lcrypto -lcsv -lz -ljwt -lpthread

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
THREADS     := $(patsubst t/threads/%.c,$(BUILD)/%,$(wildcard t/threads/*.c))
WRITER_OBJS := $(addprefix $(BUILD)/obj/ngx_dosis_module/writer/,\
	ngx_dosis_writer.o ngx_dosis_job.o)
NGINX_SRC   := /usr/share/nginx/src
NGINX_OBJS  ?= build/nginx
FUZZ_NAMES  := $(patsubst t/fuzz/%.c,%,$(wildcard t/fuzz/fuzz_*.c))
REPLAYS     := $(FUZZ_NAMES:%=$(BUILD)/%)
LIBFUZZ     := $(FUZZ_NAMES:fuzz_%=$(BUILD)/libfuzz_%)
FUZZ_SECONDS ?= 60
FUZZ_CFLAGS := -g -O1 -fno-omit-frame-pointer -D_GNU_SOURCE -Iengine -I. \
	-fsanitize=address,undefined -fno-sanitize-recover=all
MODULE_SRCS := $(wildcard ngx_dosis_module/*.[ch] ngx_dosis_module/*/*.[ch])
MODULE_DOCS := scripts/documents $(wildcard ngx_dosis_module/ui/*.jsonld \
	$(addprefix ngx_dosis_module/ui/openapi/,*.json */*.json */*/*.json))

.PHONY: all build lib check check-long asan tsan fuzz bench budgets format clean \
	units threads
.SECONDARY:

all: build

build: $(BUILD)/dosisd $(BUILD)/dosisctl $(BUILD)/ngx_dosis_module.so

lib: $(LIB)

units: $(UNITS) $(TOOLS) $(REPLAYS)

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(LIB): $(LIB_OBJS) engine/sources
	@rm -f $@
	ar rcs $@ $(LIB_OBJS)

# The version stands in these.
$(addprefix $(BUILD)/obj/engine/,ctl/dosisctl.o daemon/dosisd.o \
    daemon/dosisd_options.o daemon/dosisd_status.o) \
    $(BUILD)/ngx_dosis_module.so: Makefile

$(BUILD)/dosisd: $(DAEMON_SRCS:%.c=$(BUILD)/obj/%.o) $(LIB)
	$(CC) $(ALL_CFLAGS) -o $@ $^ -lmicrohttpd -lcurl $(LIB_LIBS)

$(BUILD)/dosisctl: $(CTL_SRCS:%.c=$(BUILD)/obj/%.o) $(LIB)
	$(CC) $(ALL_CFLAGS) -o $@ $^ -lcurl $(LIB_LIBS)

$(BUILD)/ngx_dosis_module.so: config engine/sources $(LIB_SRCS) \
    $(MODULE_SRCS) $(MODULE_DOCS) $(wildcard engine/*/*.h)
	BUILD=$(BUILD) SAN=$(SAN) VERSION=$(VERSION) scripts/build-module

# Of the engine's own, what needs nothing else of it.
$(BUILD)/t/unit_job_pack.t: $(BUILD)/obj/engine/jobs/job_pack.o

$(BUILD)/t/%.t: $(BUILD)/obj/t/unit/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -o $@ $^ $(LIB_LIBS)

$(REPLAYS): $(BUILD)/fuzz_%: $(BUILD)/obj/t/fuzz/fuzz_%.o \
    $(BUILD)/obj/t/fuzz/replay.o $(LIB)
	$(CC) $(ALL_CFLAGS) -o $@ $^ $(LIB_LIBS)

# Threads of the library, and the module's writer without nginx; its headers
# come with the module of the plain build.
$(BUILD)/obj/t/threads/threads_writer.o $(WRITER_OBJS): ALL_CFLAGS += \
	-Wno-shadow -Wno-unused-parameter -Ingx_dosis_module \
	$(addprefix -isystem $(NGINX_SRC)/src/,core event os/unix http \
	http/modules http/v2) -isystem $(NGINX_OBJS)

$(BUILD)/threads_writer: $(WRITER_OBJS)
$(THREADS): $(BUILD)/%: $(BUILD)/obj/t/threads/%.o $(LIB)
	$(CC) $(ALL_CFLAGS) -o $@ $(filter %.o,$^) $(LIB) $(LIB_LIBS)

threads: $(THREADS)

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
	top=. me=check-long; . scripts/lib.sh; need_packages $$long_packages
	DOSIS_LONG=1 BUILD=$(BUILD) prove -r t/crash t/threads t/long \
	    t/module/mutated_requests_are_answered.t

asan:
	scripts/node-packages all
	$(MAKE) BUILD=build-asan SAN=address,undefined CFLAGS='-O1 -g' build units
	BUILD=build-asan SAN=address,undefined scripts/prove-asan

tsan: $(BUILD)/ngx_dosis_module.so
	DOSIS_LONG=1 BUILD=$(BUILD) prove -v t/threads

# clang's libFuzzer; what it finds goes to t/fuzz/corpus, with a name.
$(BUILD)/fuzz/%.o: %.c
	@mkdir -p $(@D)
	@clang $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<

$(LIBFUZZ): $(BUILD)/libfuzz_%: $(BUILD)/fuzz/t/fuzz/fuzz_%.o \
    $(LIB_SRCS:%.c=$(BUILD)/fuzz/%.o)
	@clang $(FUZZ_CFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIB_LIBS)

fuzz: $(LIBFUZZ)
	BUILD=$(BUILD) FUZZ_SECONDS=$(FUZZ_SECONDS) scripts/fuzz $(FUZZ)

bench: build units
	scripts/bench

# What a request may cost from now on, in t/long/instructions.budget.
budgets: build units
	scripts/bench --instructions --record

format:
	clang-format -i $$(git ls-files '*.c' '*.h')

clean:
	rm -rf $(BUILD) build-asan build-tsan

-include $(shell find $(BUILD)/obj $(BUILD)/fuzz -name '*.d' 2>/dev/null)
