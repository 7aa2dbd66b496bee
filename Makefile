# make help tells what there is. "make check" is exactly what CI runs.
GO ?= go
FUZZTIME ?= 20s
TO ?=

.PHONY: help
help: ## tell what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.PHONY: check
check: format vet lint dead layers race ## all that CI demands: format, vet, staticcheck, deadcode, layers, tests with -race

.PHONY: format
format: ## fail if a file is not as gofmt would write it
	@unformatted=$$(gofmt -l $$(find . -name '*.go' -not -path './.git/*')); \
	if [ -n "$$unformatted" ]; then echo "not as gofmt writes them (make fmt mends it):"; echo "$$unformatted"; exit 1; fi

.PHONY: fmt
fmt: ## write every file as gofmt would
	@gofmt -w $$(find . -name '*.go' -not -path './.git/*')

.PHONY: vet
vet: ## go vet
	@$(GO) vet ./...

.PHONY: lint
lint: ## staticcheck, in the version that go.mod pins
	@$(GO) tool staticcheck ./...

.PHONY: dead
dead: ## fail if a function can be reached by no program and no test
	@unreachable=$$($(GO) tool deadcode -test ./...); \
	if [ -n "$$unreachable" ]; then echo "$$unreachable"; exit 1; fi

.PHONY: layers
layers: ## who may import whom, and what no file may say
	@$(GO) test -run '^TestLayers' ./cmd/muster >/dev/null || $(GO) test -count=1 -run '^TestLayers' ./cmd/muster

.PHONY: test
test: ## the tests
	@$(GO) test ./...

.PHONY: race
race: ## the tests with the race detector
	@$(GO) test -race -timeout 15m ./...

.PHONY: demo
demo: ## a whole Slack workspace in the browser, with the bot in it
	@$(GO) run ./cmd/muster demo

.PHONY: screenshots
screenshots: ## pictures of the demo, into docs/ (needs Chromium)
	@$(GO) test -count=1 -run '^TestTheDemoInABrowser$$' ./cmd/muster -screenshots "$(CURDIR)/docs"

.PHONY: bench
bench: ## how fast Muster is, as a table; TO=docs/performance.md writes it there
	@$(GO) test -count=1 -v -timeout 2h -run '^TestHowFast$$' ./cmd/muster/campaign -performance "$(if $(TO),$(CURDIR)/$(TO),-)"

.PHONY: build
build: ## one static binary, ./muster
	@CGO_ENABLED=0 $(GO) build -trimpath -ldflags='-s -w' -o muster ./cmd/muster

# A worker that is late at the end of its time fails with nothing but "context deadline exceeded" (go.dev/issue/75804, mended in Go 1.27): it
# is tried again. Whatever was found is written to testdata and fails.
.PHONY: fuzz
fuzz: ## every fuzz test for FUZZTIME (20s)
	@for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "$$package $$target"; \
			for try in 1 2 3; do \
				out=$$($(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package 2>&1) && { echo "$$out"; break; }; \
				case "$$try $$out" in \
				*"Failing input"*|3*) echo "$$out"; exit 1;; \
				*"    context deadline exceeded"*) ;; \
				*) echo "$$out"; exit 1;; \
				esac; \
			done; \
		done; \
	done

.PHONY: crash weeks hostile reliability
crash: ## kill the program KILLS (1000) times; SEED repeats one
	@$(GO) test ./cmd/muster/campaign -count=1 -run TestKilledAgainAndAgain -kills $(or $(KILLS),1000) -seed $(or $(SEED),1) -v -timeout 60m

weeks: ## simulate SEEDS (300) fortnights from SEED on; SEEDS=1 tells the story
	@$(GO) test ./bot/slack -count=1 -run TestSimulatedWeeks -seeds $(or $(SEEDS),300) -seed $(or $(SEED),1) -v -timeout 60m

hostile: ## let Slack fail in every way
	@$(GO) test ./bot/slack -count=1 -run 'TestHostileSlack|TestTwoHoursWithoutSlack' -v

reliability: ## all campaigns at full length; writes docs/reliability.md, or what TO names
	@TO="$(or $(TO),docs/reliability.md)" .ci/campaigns
