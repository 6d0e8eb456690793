# The three commands of the README: asset, test, apk. PYTHON and GRADLE choose other interpreters.
PYTHON ?= python3
GRADLE ?= $(PYTHON) -m gradle.offline
VENV := .venv
BUILDER := $(VENV)/bin/python -m model_builder
APKS := android/app/build/outputs/apk

.PHONY: help doctor asset test test-kotlin test-samples test-python publish apk release check mutants wheel lock sbom new-enough-python

help:
	@echo 'make doctor  tell what this machine has for all that, and what to do about what it lacks'
	@echo 'make asset   install the Python package into $(VENV) and build the asset that the app bundles'
	@echo 'make test    build the asset and pass every test, Kotlin and Python'
	@echo 'make apk     build the asset and the APKs: one for each ABI, and one for all'
	@echo 'make publish the engine, its Android part and the model as Maven artifacts, into build/repository'
	@echo 'make release the same, as they are published'
	@echo 'make check   lint the Python and Kotlin code and check the types of the Python code'
	@echo 'make mutants change losses, metrics, gate and smoothing in small ways; the tests have to notice'
	@echo 'make wheel   the Python package with its weights, in dist/'
	@echo 'make lock    pin the newest allowed versions of all Python dependencies, with hashes (needs uv)'
	@echo 'make sbom    write what the app and the Python tooling consist of, as CycloneDX, into build/sbom'

doctor: new-enough-python
	@$(PYTHON) -m gradle.offline.doctor

new-enough-python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; give PYTHON=python3.11")'

asset: $(VENV)/installed
	$(BUILDER) build-apk-asset

test: check test-kotlin test-samples test-python

test-kotlin: asset
	$(GRADLE) --console=plain :engine:test :engine:jacocoTestReport :engine:jacocoTestCoverageVerification :engine:checkKotlinAbi \
		:engine-android:testDebugUnitTest :engine-android:checkKotlinAbi publishAllPublicationsToFolderRepository \
		:replay:test :replay:installDist :app:testDebugUnitTest :app:assembleDebug \
		:engine:checkMinSdk :engine-android:checkMinSdk :app:checkMinSdk :app:compileDebugAndroidTestKotlin

# They know the engine by its published artifacts only, as other programs do.
test-samples: test-kotlin
	$(GRADLE) --console=plain -p android/samples :jvm:test :jvm:installDist :compose:testDebugUnitTest :compose:assembleDebug

publish: asset
	$(GRADLE) --console=plain publishAllPublicationsToFolderRepository

test-python: asset test-kotlin test-samples
	$(VENV)/bin/python -m pytest --cov --numprocesses 2 --dist loadfile

apk: asset
	$(GRADLE) --console=plain :app:assembleDebug
	@echo 'APK: $(APKS)/debug/app-universal-debug.apk'

release: asset
	$(GRADLE) --console=plain :app:assembleRelease
	@echo 'APKs: $(APKS)/release'

check: $(VENV)/installed
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(GRADLE) --console=plain --quiet ktlint

# From nothing, because mutmut keeps what it found and does not see that tests changed.
mutants: $(VENV)/installed
	rm -rf mutants
	OMP_NUM_THREADS=1 $(VENV)/bin/python -m mutmut run
	$(VENV)/bin/python -m tests.mutants
	$(GRADLE) --console=plain :engine:mutants

# setuptools packs what an earlier build left in build/lib, modules that are gone too.
wheel: $(VENV)/installed
	rm -rf build/lib
	$(VENV)/bin/python -m pip wheel --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .

# With extras, as packages ask for them: an older pip takes a bare pin for another package, and wants its newest release without a hash.
lock:
	uv pip compile pyproject.toml --extra benchmark --extra test --universal --python-version 3.11 --generate-hashes \
		--no-strip-extras --no-emit-index-url --no-header --upgrade --output-file requirements.lock

sbom: $(VENV)/installed
	$(GRADLE) --console=plain -I gradle/sbom.gradle :app:cyclonedxBom
	$(PYTHON) -m venv --clear build/sbom/tool
	build/sbom/tool/bin/python -m pip install --quiet --disable-pip-version-check cyclonedx-bom==7.5.0
	build/sbom/tool/bin/cyclonedx-py environment --pyproject pyproject.toml --output-file build/sbom/model_builder.cdx.json $(VENV)
	rm -r build/sbom/tool

$(VENV)/installed: pyproject.toml requirements.lock | new-enough-python
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@
