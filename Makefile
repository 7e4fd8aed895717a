# Two commands: `make run` serves the embedded model, `make test` tests everything. Both install what they need.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build
PORT ?= 8080

# One file each, which needs no other at run time.
static := -c release --static-swift-stdlib -Xswiftc -static-executable -Xlinker -s

# Installing needs root; without it, what is missing is named by the step that misses it.
install = if [ "$$(id -u)" = 0 ]; then apt-get install -y -qq $(1) || { apt-get update -qq && apt-get install -y -qq $(1); }; \
          elif command -v sudo >/dev/null; then sudo apt-get update -qq && sudo apt-get install -y -qq $(1); fi

.PHONY: build run test lint format test-tools clean

build: ## dist/pinson, dist/function and the embedded model beside them
	swift build $(static) --product function
	swift build $(static) --product pinson
	mkdir -p dist
	install -m 755 .build/release/function .build/release/pinson dist/
	ln -f function/model/model.gguf dist/model.gguf
	ls -l dist

run: build ## serves the embedded model
	@echo "serving on http://localhost:$(PORT)"
	PORT=$(PORT) dist/function

test: lint build test-tools ## every test; those that need something this machine lacks say so
	swift build --build-tests --explicit-target-dependency-import-check error
	swift test --skip-build

lint: ## what the formatter would change is an error
	swift format lint --strict --parallel --recursive Package.swift Sources Tests function

format:
	swift format format --in-place --parallel --recursive Package.swift Sources Tests function

# An emulator for other processors, a linker for one of them, and the reference reader of model files.
test-tools:
	command -v qemu-x86_64 >/dev/null && command -v aarch64-linux-gnu-gcc >/dev/null || \
		{ $(call install,qemu-user gcc-aarch64-linux-gnu); } || echo "no emulator: its tests are skipped"
	test -x .build-tools/bin/python3 || python3 -m venv .build-tools || echo "no Python: its tests are skipped"
	.build-tools/bin/python3 -c "import gguf" 2>/dev/null || .build-tools/bin/pip install -q gguf==0.19.0 || \
		echo "no Python package gguf: its test is skipped"

clean:
	rm -rf .build .build-tools dist
