# `make help` lists what there is to make. Packages that are missing are installed first (apt).
SHELL := bash
MAKEFLAGS += --no-print-directory
PREFIX ?= /usr/local
SANITIZE ?=
LABEL ?=
TESTS ?=
ONLY ?=
preset := $(or $(SANITIZE),release)
deps := @cmake/scripts/deps
build := @cmake/scripts/build
peers := mlserver triton llama python_clients go_httpbin versitygw fake_gcs azurite grpc_go grpc_cpp k6 websockets h2spec otlp prometheus3 collector kafka
space := $(subst ,, )
chosen := $(if $(LABEL),-L '^$(LABEL)$$') $(if $(TESTS),-R '$(TESTS)') $(if $(ONLY),-R '^($(subst $(space),|,$(strip $(ONLY))))$$')
ctest := ctest --preset $(preset) --no-label-summary -j "$$(nproc)" $(chosen)
.DEFAULT_GOAL := help
.PHONY: demo test test-peers test-cluster test-all build lint lint-all format bench install clean deps help

demo: build ## set up, build, and load the built-in target for ten seconds
	@cmake/scripts/demo

test: ## build and run all tests but the big peers (SANITIZE=asan|tsan, LABEL=..., TESTS=regex, ONLY="name ...")
	$(deps) build test
	$(build) $(preset) $(if $(ONLY),$(ONLY:=_test),$(if $(LABEL),$(LABEL)_tests))
	@$(ctest) -LE '^peers$$'

test-peers: ## run the tests against the big real systems (MLServer, Triton, llama.cpp, ...), fetched once
	$(deps) build test
	@cmake/scripts/deps peers || true # a peer without its packages is skipped
	$(build) $(preset) $(ONLY:=_test)
	@for peer in $(peers); do tests/peers/$${peer}_setup >/dev/null || true & done; wait # outside the time limits
	@$(ctest) -L '^peers$$' -LE '^cluster$$'

test-cluster: ## run the Jobs of k8s/ on a real cluster of one node, built once (needs root)
	$(deps) build test
	@cmake/scripts/deps cluster || true
	$(build) release perigee
	@tests/cluster/build >/dev/null || true # outside the time limits
	@$(ctest) -L '^cluster$$'

test-all: ## everything: all tests, the big peers, the cluster, the whole lint, and both sanitizers
	@$(MAKE) test WERROR=ON
	@$(MAKE) test-peers
	@$(MAKE) test-cluster
	@$(MAKE) lint-all
	@$(MAKE) test SANITIZE=asan
	@$(MAKE) test SANITIZE=tsan LABEL=threads

build: ## build the program: build/perigee
	$(deps) build
	$(build) release perigee

lint: ## check the layout and the habits of C++ and Lua; clang-tidy over what changed since the day before
	$(deps) build test lint
	$(build) release
	@cmake/scripts/lint

lint-all: ## the same, with clang-tidy over everything
	$(deps) build test lint
	$(build) release
	@cmake/scripts/lint --all

format: ## lay out all C++ as .clang-format says
	$(deps) lint
	@cmake/scripts/lint --fix

bench: build ## measure CPU per request and memory per VU beside wrk and k6
	@bench/run

install: build ## install the program, its Lua library and the scenarios (PREFIX=/usr/local)
	@cmake --install build --prefix '$(PREFIX)'

deps: ## install every package that building, testing and linting need
	$(deps) build test peers lint

clean: ## remove everything built
	@rm -rf build

include k8s/k8s.mk

help: ## list the targets
	@sed -nE 's/^(\$$\(.*: )?([a-z%-]*):[^#]*## (.*)/\2\t\3/p' $(MAKEFILE_LIST) | while IFS=$$'\t' read -r name text; do printf 'make %-19s %s\n' "$$name" "$$text"; done
