# Two commands: `make run` serves the embedded model, `make test` tests everything. Both install what they need.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build
PORT ?= 8080

# One file each, which needs no other at run time. With LOCKED=1, the packages have the versions in container/packages.lock.
# The linker keeps one of several functions with the same code, unless their addresses matter.
static := -c release --static-swift-stdlib -Xswiftc -static-executable -Xlinker -s -Xlinker --icf=safe $(if $(LOCKED),--force-resolved-versions)

# Nothing in the function unwinds its stack, so it needs no tables for that, which are 2.5 MB.
without_unwinding := -Xswiftc -use-ld=lld -Xlinker --no-eh-frame-hdr -Xlinker -T -Xlinker $(CURDIR)/container/without-unwinding.ld

# Instrumented builds have folders of their own. In the fuzzers, both libFuzzer and the address sanitizer watch all code,
# for which `swift build` has no option: with two of `--sanitize`, it uses one.
sanitized_rooms := CKernels|Files|JSON|Feedback|WebClient|Alerts|Telemetry|ModelFile|Text|Inference|Function|Packaging|Training|Reports|Validation|ContainerImage
fuzzed := -c release --scratch-path .build-fuzz --sanitize fuzzer -Xswiftc -enable-testing \
	-Xswiftc -Xfrontend -Xswiftc -sanitize=fuzzer,address -Xswiftc -Xclang-linker -Xswiftc -fsanitize=fuzzer,address \
	-Xcc -fsanitize=fuzzer-no-link,address
FUZZ_SECONDS ?= 120

python_packages := gguf==0.19.0 spdx-tools==0.8.5 kubernetes-validate==1.37.0 google-api-python-client==2.202.0 \
	cfn-lint==1.58.0 azure-mgmt-appcontainers==5.1.0 azure-mgmt-web==11.0.1 azure-mgmt-monitor==7.0.0 \
	azure-mgmt-applicationinsights==4.1.0 adxpandas==0.2.3 check-jsonschema==0.39.0 PyYAML huggingface_hub==2.4.0 scikit-learn==1.9.1 \
	aiosmtpd==1.4.6 mfusepy==3.1.1

# Microsoft's exporter, beside whose payloads those of the function are compared, and parsers of what others read.
exporters := azure-monitor-opentelemetry-exporter==1.0.0b58 opentelemetry-proto==1.45.2 \
	prometheus-client==0.26.0

# Only its emulator of Lambda and its sample events are used, so nothing that it depends on is installed.
sam := aws-sam-cli==1.170.0

# It tests the function from its description, and has a folder of its own, because it needs other versions of packages.
schemathesis := schemathesis==4.32.5

# The client that reads runs, and the server that keeps them.
mlflow := mlflow==3.17.2

# A server with the interface of S3, and the client of AWS beside which it is tested.
moto := 'moto[server]==5.2.1' boto3

bench_packages := numpy onnx==1.19.1 onnxruntime==1.23.2 safetensors tokenizers transformers==4.57.3 fastapi==0.121.2 \
	uvicorn==0.38.0

# Installing needs root; without it, what is missing is named by the step that misses it.
install = if [ "$$(id -u)" = 0 ]; then apt-get install -y -qq $(1) || { apt-get update -qq && apt-get install -y -qq $(1); }; \
          elif command -v sudo >/dev/null; then sudo apt-get update -qq && sudo apt-get install -y -qq $(1); fi

.PHONY: build run test bench bench-train sanitize fuzz lint format lock zlib test-tools clean

build: zlib ## dist/pinson, dist/function, what is linked into them, and the embedded model beside them
	$(if $(LOCKED),container/package-lock hold)
	swift build $(static) $(without_unwinding) --product function
	swift build $(static) --product pinson
	mkdir -p dist
	install -m 755 .build/release/function .build/release/pinson dist/
	for program in function pinson; do \
		container/linked-packages .build/release/$$program > dist/$$program.packages; done
	ln -f function/model/model.gguf dist/model.gguf
	ls -l dist

run: build ## builds the image of the embedded model, checks it against every known target, and serves it
	dist/pinson image build --model dist/model.gguf --tag pinson -o dist/image.tar
	dist/pinson check dist/image.tar
	@echo "serving on http://localhost:$(PORT)"
	PORT=$(PORT) dist/function

zlib: # the one C library that is linked
	test -f /usr/include/zlib.h || { $(call install,zlib1g-dev); }

# All tests at once starve each other: those that wait for a program hold the threads that others need to go on.
test: export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH ?= 4
test: lint build test-tools ## every test; those that need something this machine lacks say so
	swift build --build-tests --explicit-target-dependency-import-check error
	swift test --skip-build

bench: build ## Pinson and its peers side by side: dist/bench/bench.md and bench.svg (BENCH=--short for the model alone)
	test -x .build-bench/bin/python3 || python3 -m venv .build-bench
	.build-bench/bin/python3 -c "import onnxruntime, fastapi, transformers" 2>/dev/null || \
		.build-bench/bin/pip install -q $(bench_packages)
	command -v wrk >/dev/null || { $(call install,wrk); } || echo "no wrk: HTTP is not measured"
	.build-bench/bin/python3 Tests/Benchmarks/bench.py $(BENCH)

bench-train: build ## Pinson, scikit-learn and fastText train on the CSV files TRAIN, VALIDATION and TEST, side by side
	test -x .build-bench/bin/python3 || python3 -m venv .build-bench
	.build-bench/bin/python3 -c "import sklearn" 2>/dev/null || .build-bench/bin/pip install -q scikit-learn==1.9.1
	command -v fasttext >/dev/null || { $(call install,fasttext); } || echo "no fasttext: it is not measured"
	.build-bench/bin/python3 Tests/Benchmarks/bench_train.py --train $(TRAIN) --validation $(VALIDATION) --test $(TEST)

# Swift has no undefined behaviour to look for: it stops the program instead. So that sanitizer watches only the C code.
sanitize: zlib ## the tests of everything that reads bytes from outside, with the sanitizers of the compiler
	swift build --build-tests --scratch-path .build-sanitize --sanitize address -Xcc -fsanitize=undefined \
		-Xcc -fno-sanitize-recover=undefined
	ASAN_OPTIONS=detect_leaks=0 swift test --skip-build --scratch-path .build-sanitize --sanitize address \
		--filter '^($(sanitized_rooms))Tests\.'

fuzz: zlib ## each fuzzer for FUZZ_SECONDS, and longer if a fuzzer needs longer for its seeds
	FUZZ=1 swift build $(fuzzed)
	FUZZ_SEEDS='$(CURDIR)/.build-fuzz/seeds' swift test --filter FuzzSeedTests
	Tests/Fuzz/run .build-fuzz $(FUZZ_SECONDS) $(FUZZERS)

lock: ## resolves the newest versions of the packages, and records them in container/packages.lock
	swift package update
	container/package-lock write

lint: ## what the formatter would change is an error
	swift format lint --strict --parallel --recursive Package.swift Sources Tests function

format:
	swift format format --in-place --parallel --recursive Package.swift Sources Tests function

# An emulator for other processors and a linker for one of them; other tools that read and run images, and a registry;
# the reference reader of model files, what checks bills of materials and files for platforms, and a browser for the page.
test-tools:
	command -v qemu-x86_64 >/dev/null && command -v aarch64-linux-gnu-gcc >/dev/null || \
		{ $(call install,qemu-user gcc-aarch64-linux-gnu); } || echo "no emulator: its tests are skipped"
	command -v fusermount3 >/dev/null || { $(call install,fuse3); } || echo "no fuse3: its tests are skipped"
	test -x .build-tools/bin/python3 || python3 -m venv .build-tools || echo "no Python: its tests are skipped"
	for tool in umoci skopeo podman runc docker-registry valgrind chromium prometheus tmux; do \
		command -v $$tool >/dev/null || { $(call install,$$tool); } || echo "no $$tool: its tests are skipped"; done
	.build-tools/bin/python3 -c "import gguf, spdx_tools, kubernetes_validate, huggingface_hub, sklearn, aiosmtpd, mfusepy, adxpandas" 2>/dev/null || \
		.build-tools/bin/pip install -q $(python_packages) || echo "no Python packages: their tests are skipped"
	.build-tools/bin/python3 -c "import azure.monitor.opentelemetry.exporter, opentelemetry.proto, prometheus_client" 2>/dev/null || \
		.build-tools/bin/pip install -q $(exporters) || echo "no exporters of telemetry: their tests are skipped"
	.build-tools/bin/python3 -c "import samcli" 2>/dev/null || .build-tools/bin/pip install -q --no-deps $(sam) || \
		echo "no emulator of Lambda: its tests are skipped"
	test -x .build-tools/schemathesis/bin/st || { .build-tools/bin/python3 -m venv .build-tools/schemathesis && \
		.build-tools/schemathesis/bin/pip install -q $(schemathesis); } || echo "no schemathesis: its test is skipped"
	.build-tools/bin/python3 -c "import mlflow" 2>/dev/null || .build-tools/bin/pip install -q $(mlflow) || \
		echo "no MLflow: its tests are skipped"
	.build-tools/bin/python3 -c "import moto.server, boto3" 2>/dev/null || .build-tools/bin/pip install -q $(moto) || \
		echo "no server with the interface of S3: its tests are skipped"

clean:
	rm -rf .build .build-* dist
