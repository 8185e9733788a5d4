# Sonde's verbs. Two of them are all a newcomer needs: `make demo` and `make test`.
SWIFT   ?= swift
PREFIX  ?= /usr/local
BINARY   = .build/release/sonde
RELEASE  = -c release --static-swift-stdlib

BUILD_PACKAGES = libcurl4-openssl-dev libssl-dev libc-ares-dev libidn2-dev libre2-dev libsqlite3-dev libstdc++-12-dev tzdata ca-certificates
TEST_PACKAGES  = nginx-light openssl python3-aiosmtpd dovecot-imapd dovecot-pop3d vsftpd postgresql slapd prosody mariadb-server redis-server dnsmasq-base haproxy squid tinyproxy microsocks iproute2 nftables

# Suites that start servers and keep time; apart from those that only count, which would take the cores from them.
SERVERS = ^(ProbingTests|LoopbackTests|AlertingTests|ServingTests|EndToEndTests)\.

.PHONY: help deps deps-test build demo run test lint format golden docs simulate bench fuzz torture soak sanitize install

help: ## print the verbs (the default)
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /  make \1|/' | column -t -s '|'

deps: ## install what building needs, with apt, when it is missing
	@sh scripts/install-missing.sh $(BUILD_PACKAGES)

deps-test:
	@sh scripts/install-missing.sh $(BUILD_PACKAGES) $(TEST_PACKAGES)

build: deps ## build the one binary, release, at .build/release/sonde
	$(SWIFT) build $(RELEASE) --product sonde

demo: build ## see it at work for a minute: own targets, no network, no configuration (FOR=5m for longer)
	$(BINARY) demo --for $(or $(FOR),60s)

run: build ## run the daemon with checks/sonde.yaml (CONFIG=… for another)
	$(BINARY) run --config $(or $(CONFIG),checks/sonde.yaml)

test: deps-test ## build and run every test
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --skip '$(SERVERS)'
	$(SWIFT) test --skip-build --filter '$(SERVERS)'

lint: deps ## formatting, and no import that Package.swift does not allow
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests benchmarks
	$(SWIFT) build --explicit-target-dependency-import-check error

format: ## format every source in place
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests benchmarks

golden: deps-test ## write the golden outputs and docs/configuration.md anew, to be read in the diff
	SONDE_GOLDEN=rewrite $(SWIFT) test

simulate: deps-test ## the whole pipeline in worlds of faults against the truth, SEEDS (1000) small ones
	SONDE_SEEDS=$(or $(SEEDS),1000) $(SWIFT) test -c release -Xswiftc -enable-testing --filter FaultPropertyTests

bench: deps-test ## every benchmark, as ratios side by side
	@for script in benchmarks/*.sh; do echo "== $$script"; sh $$script || exit 1; done

fuzz: deps ## the readers of targets' bytes and of the store's files under libFuzzer, SECONDS_EACH (60) for each
	sh benchmarks/fuzz.sh

torture: deps ## the store killed, cut off, filled up, flipped and cut short, the long form (docs/reliability.md)
	sh benchmarks/torture.sh

soak: deps ## ten million samples through the store: files of one size, memory flat
	$(SWIFT) build -c release --product torture
	.build/release/torture soak $(or $(SAMPLES),10000000)

sanitize: deps-test ## the fast suites under the address sanitizer, then the thread sanitizer
	sh scripts/sanitize.sh

install: build ## install the binary to PREFIX/bin (/usr/local)
	install -D -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/sonde
