# `make` or `make help` lists the targets.

# How long each fuzz target runs: a duration, or a number of inputs such as 1000x.
FUZZTIME ?= 30s
# Passed to go test, for example GOTESTFLAGS='-run TestPatch -v'.
GOTESTFLAGS ?=

# Build-only tools live in a module of their own; go builds them once and caches them.
golangci = "$$(go -C internal/tools tool -n golangci-lint)"

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: prepare
prepare: ## Install what the live tests need (Debian packages, Synapse, Keycloak, minijinja) into the system and the cache
	go run ./internal/live/prepare

.PHONY: test
test: prepare ## Run everything: tests against real servers, short fuzzing, the examples
	go run ./internal/live/run -start=postgres,keycloak -- go test -timeout 30m $(GOTESTFLAGS) ./...
	go -C internal/tools/traefik test -count=1 ./...
	$(MAKE) --no-print-directory fuzz FUZZTIME=1000x
	$(MAKE) --no-print-directory examples

# The tests that run on every release of Keycloak.
on24 = ^Test(Keycloak|LiveOlder.*|BackChannelLogout|LogoutOfSeveralSessions|Login.*|PKCEIsDemanded|RequiredActionsOfAUser|TokenEndpoint|Tokens|Discovery|CodesAreUsedOnce)$$

.PHONY: test-keycloak-24
test-keycloak-24: export MASKIT_KEYCLOAK_24 = 1
test-keycloak-24: prepare ## Run the tests that make sense on Keycloak 24.0, the oldest one: logins, logouts, the whole cycle
	go run ./internal/live/run -- go test -count=1 -timeout 30m $(GOTESTFLAGS) -run '$(on24)/24\.0' ./internal/live ./keycloak ./keycloak/keycloaktest

.PHONY: test-keycloak-long
test-keycloak-long: export MASKIT_KEYCLOAK_LONG = 1
test-keycloak-long: prepare ## Run every fault at every write, long matrices, and rotation under load, on Keycloak and its fake
	go run ./internal/live/run -start=keycloak -- go test -count=1 -timeout 60m $(GOTESTFLAGS) ./keycloak/...

.PHONY: test-heads
test-heads: export MASKIT_MAS_REPO = $(abspath $(MAS_REPO))
test-heads: ## Migrate to the schema of every release of MAS from 0.20 on; MAS_REPO is a clone of its repository with the tags
	@test -n "$(MAS_REPO)" || { echo "give MAS_REPO, a clone of github.com/element-hq/matrix-authentication-service with its tags" >&2; exit 2; }
	go run ./internal/live/run -start=postgres -- go test -count=1 -timeout 60m -v -run '^TestHeads$$' $(GOTESTFLAGS) ./migrate/migratetest

.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZTIME (default 30s)
	./.ci/fuzz "$(FUZZTIME)"

.PHONY: examples
examples: ## Build and run every example program
	./.ci/examples

.PHONY: bench
bench: ## Print how long the main operations take
	go run ./internal/bench

.PHONY: bench-keycloak
bench-keycloak: ## Print what a plan costs in realms of several sizes (fills them first: minutes)
	go run ./internal/live/benchkeycloak

.PHONY: bench-migrate
bench-migrate: ## Print how fast each engine moves USERS people (default 1000000; several sizes with commas), the floor, and Verify
	go run ./internal/live/benchmigrate -users "$(or $(USERS),1000000)"

.PHONY: test-kill
test-kill: export MASKIT_MIGRATE_KILLS ?= 200
test-kill: prepare ## Kill migrations at MASKIT_MIGRATE_KILLS moments (default 200), and see that they go on or back
	go run ./internal/live/run -start=postgres -- go test -count=1 -timeout 60m $(GOTESTFLAGS) -run 'Kill' ./migrate

.PHONY: test-migrate-long
test-migrate-long: export MASKIT_MIGRATE_LONG = 1
test-migrate-long: prepare ## Fail at every step of a cut-over with real servers, and compare both engines on a million users
	go run ./internal/live/run -start=postgres -- go test -count=1 -timeout 60m $(GOTESTFLAGS) -run 'TestWholeCutover|TestEnginesOnAGenerated' ./migrate

.PHONY: playground
playground: ## Set up a homeserver with USERS people (default 1000) and everything odd to try migrations on, until Ctrl-C
	go run ./internal/live/playground -users "$(or $(USERS),1000)"

.PHONY: lint
lint: ## Check with golangci-lint (formatting included), go vet and go mod tidy
	$(golangci) run ./...
	go vet ./...
	go mod tidy -diff
	go -C internal/tools mod tidy -diff
	go -C internal/tools/traefik mod tidy -diff
	go -C examples/custom-provider mod tidy -diff

.PHONY: vuln
vuln: ## Look for known vulnerabilities (needs the network)
	"$$(go -C internal/tools tool -n govulncheck)" ./...

.PHONY: tidy
tidy: ## Format the code and tidy the module files
	$(golangci) fmt ./...
	go mod tidy
	go -C internal/tools mod tidy
	go -C internal/tools/traefik mod tidy
	go -C examples/custom-provider mod tidy
