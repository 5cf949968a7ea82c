# Two commands: `make run` and `make test`. Both install what they need and can be repeated.
CACHE ?= $(HOME)/.cache/aftercare
export CARGO_TARGET_DIR ?= $(CACHE)/target
export RUST_BACKTRACE ?= 0

.PHONY: run test influxd checks audit bench fmt page api

# The page is built first: the binary carries it.
page:
	@echo "== building the web page"
	cd dashboards && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build

run:
	@scripts/install run
	@$(MAKE) page
	@echo "== building aftercare (some minutes the first time)"
	cargo build --release --locked -p aftercare
	@echo "== starting; Ctrl-C ends it"
	$(CARGO_TARGET_DIR)/release/aftercare up --demo

test:
	@scripts/install test
	@$(MAKE) -j2 influxd checks
	@echo "== firmware: formatter, clippy, tests, and every board"
	cd firmware && cargo fmt --all --check
	cd firmware && CARGO_TARGET_DIR=$(CACHE)/firmware-target cargo clippy --locked --all-targets -- -D warnings
	cd firmware && CARGO_TARGET_DIR=$(CACHE)/firmware-target cargo test --locked
	for board in qemu-mps2-an385 linux w5500-evb-pico stm32-w5500; do \
		scripts/build-board $$board || exit 1; \
	done
	@echo "== building the binary that the system tests start"
	cargo build --workspace --locked
	@echo "== tests"
	cargo test --workspace --locked

# Mostly downloads at first, which need no processor: beside the checks.
influxd:
	@scripts/build-part influxd

checks:
	@$(MAKE) page
	@echo "== page: lint and unit tests"
	cd dashboards && npm run lint && npm test
	@echo "== formatter"
	cargo fmt --all --check
	@echo "== clippy (builds every dependency the first time)"
	cargo clippy --workspace --all-targets --locked -- -D warnings

audit:
	@scripts/install audit
	@echo "== advisories and licences"
	scripts/audit

bench:
	@scripts/install bench
	@scripts/build-part influxd
	@scripts/build-part telegraf
	@echo "== building (release)"
	cargo build --release --locked --workspace
	@echo "== intake: about six minutes"
	cargo bench --locked -p system-tests --bench intake
	@echo "== telemetry stores: about four minutes"
	cargo bench --locked -p store --bench embedded
	cargo bench --locked -p system-tests --bench stores
	@echo "== lists, searches and the monthly report over years: about half an hour"
	cargo bench --locked -p system-tests --bench field_service

# After a change of the HTTP interface: the document that clients are made from.
api:
	UPDATE_SNAPSHOTS=1 cargo test --locked --workspace --test openapi

fmt:
	cargo fmt --all
