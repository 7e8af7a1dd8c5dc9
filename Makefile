# Kemas: `make help` lists the targets. Everything needed is found or installed by the targets.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

export JAVA_HOME := $(shell scripts/find-jdk)
MVN := mvn -B -ntp
# what a distribution is made of: a change of any makes it stale
SOURCES := $(shell find . -path ./dist -prune -o -path '*/target' -prune -o \( -path '*/src/main/*' -o -name pom.xml \) -type f -print)

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

.PHONY: quickstart
quickstart: tools dist ## build an ML image, train in a container, serve the model
	@scripts/quickstart

.PHONY: test
test: test-tools dist ## every test: unit, contract, end to end with real containers
	$(MVN) -fae test -Dkemas.dist="$(CURDIR)/dist"
	@scripts/count-tests

.PHONY: dist
dist: dist/.complete ## a runnable distribution in dist/

dist/.complete: $(SOURCES) scripts/make-dist
	@scripts/make-dist

.PHONY: check
check: ## formatters and static gates
	$(MVN) spotless:check test-compile
	$(MVN) test -pl archtest -am -Dtest='dev.kemas.archtest.*Test' -Dsurefire.failIfNoSpecifiedTests=false

.PHONY: format
format: ## format the sources in place
	$(MVN) -q spotless:apply

.PHONY: parity
parity: test-tools dist ## the conformance suite against dockerd: it must pass there too
	@scripts/install-tools peers
	$(MVN) test -pl conformance,git-server -Dkemas.dist="$(CURDIR)/dist" -Dkemas.conformance.daemon="dockerd --storage-driver overlay2"

.PHONY: large
large: test-tools dist ## a layer of more than 4 GiB through everything; writes about 30 GB
	$(MVN) test -pl conformance,git-server -Dkemas.dist="$(CURDIR)/dist" -Dgroups=large -DexcludedGroups=

.PHONY: bench
bench: tools dist ## measure beside dockerd, podman and the bare runtime; writes docs/benchmarks.md
	@scripts/bench

.PHONY: registry-image
registry-image: dist ## the registry as an image, made by our own builder; the daemon must run
	@scripts/registry-image

.PHONY: doctor
doctor: dist ## what this machine has and lacks
	@dist/bin/kemas doctor

.PHONY: tools test-tools
tools: # what the engine needs from the host's packages
	@scripts/install-tools engine

test-tools:
	@scripts/install-tools engine test

.PHONY: clean
clean: ## remove what was built
	$(MVN) -q clean
	rm -rf dist
