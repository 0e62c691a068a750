# make demo      build in release and watch a network settle three epochs
# make test      everything: formatting, warnings, generated code, all tests
# make torture   kills, damages and seeds by the thousand, for a night: TORTURE_KILLS=5000 make torture for a release
# make install   put chain, validator, miner and subnet into PREFIX/bin

# A pipe fails when any part of it does.
SHELL := /bin/bash -o pipefail
PREFIX ?= /usr/local
EXECUTABLES := chain validator miner subnet
PROTOS := $(wildcard Proto/*.proto)
GENERATED := Sources/CLibraries/CWireMessages/Generated
SWIFT_BUILD := swift build --explicit-target-dependency-import-check error

# Tests with networks of their own are many: all at once, they would wait for each other's processes.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH ?= 12

.PHONY: demo test torture install packages release lint proto clean

demo: release
	.build/release/subnet up --subnet text --epochs 3

release: packages
	$(SWIFT_BUILD) --configuration release

test: packages lint
	$(SWIFT_BUILD) --build-tests
	@swift test --skip-build 2>&1 | tee .build/test.log || { echo "What failed:"; grep ✘ .build/test.log; exit 1; }

torture: export TORTURE_KILLS ?= 1000
torture: export TORTURE_SECONDS ?= 3600
torture: export TORTURE_SENDERS ?= 50
torture: export TORTURE_BLOCK_TIME ?= 250
torture: export TORTURE_ROUNDS ?= 20
torture: export TORTURE_DAMAGES ?= 1000
torture: export TORTURE_DISKS ?= 20
torture: export TORTURE_TAIL ?= 990
torture: export TORTURE_BLOCKS ?= 100000
torture: export TORTURE_ADVANCE ?= 3000
torture: export TORTURE_CUTS ?= 20000
torture: export TORTURE_FAULTS ?= 400
torture: export TORTURE_CHAIN ?= $(CURDIR)/.build/release/chain
torture: export TORTURE_SUBNET ?= $(CURDIR)/.build/release/subnet
torture: SEEDS ?= 2000
torture: LONG_SEEDS ?= 100
torture: release
	$(SWIFT_BUILD) --build-tests
	swift test --skip-build --filter ChainProcessTests
	swift test --skip-build --filter PowerCutTests
	SEEDS=40 swift test --skip-build --filter everyBuildAndEveryHashSeed
	.build/release/subnet bench simulation --seeds $(SEEDS)
	.build/release/subnet bench simulation --seeds $(LONG_SEEDS) --blocks 2000 --messages 20

install: release
	install -d $(DESTDIR)$(PREFIX)/bin
	install $(addprefix .build/release/,$(EXECUTABLES)) $(DESTDIR)$(PREFIX)/bin

packages:
	@Docker/install-packages

lint:
	swift format lint --strict --recursive Package.swift Sources Tests

# The C in $(GENERATED) is made from Proto/; a test compares the two.
proto: packages
	protoc-c --proto_path=Proto --c_out=$(GENERATED) $(PROTOS)

clean:
	rm -rf .build
