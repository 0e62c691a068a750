# make demo      build in release and watch a network settle three epochs
# make test      everything: formatting, warnings, generated code, all tests
# make install   put chain, validator, miner and subnet into PREFIX/bin

PREFIX ?= /usr/local
EXECUTABLES := chain validator miner subnet
PROTOS := $(wildcard Proto/*.proto)
GENERATED := Sources/CLibraries/CWireMessages/Generated
SWIFT_BUILD := swift build --explicit-target-dependency-import-check error

.PHONY: demo test install packages release lint proto clean

demo: release
	.build/release/subnet up --subnet text --epochs 3

release: packages
	$(SWIFT_BUILD) --configuration release

test: packages lint
	$(SWIFT_BUILD) --build-tests
	swift test --skip-build

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
