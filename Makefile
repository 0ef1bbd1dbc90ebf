# The targets that people use: run, test, test-fast, lint, bench, lock. Everything installed goes into .venv.

PORT ?= 8000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed-from
PIP_FLAGS := --quiet --disable-pip-version-check --no-input

export PYTHONUNBUFFERED := 1
export DJANGO_RUNSERVER_HIDE_WARNING := true

.PHONY: run test test-fast lint check-deploy format bench lock install clean

# The server, and the worker that does what runs long; whichever way it ends, neither stays behind.
run: install
	@exec $(BIN)/python manage.py start --port $(PORT)

# What pytest compiles is kept. A file stays with one process, which writes what its tests start from once.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest --numprocesses auto

test: install
	@$(PYTEST) --dist loadfile --no-loadscope-reorder $(ARGS)

# Those that touch no database.
test-fast: install
	@$(PYTEST) -m unit $(ARGS)

lint: install
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@DJANGO_SETTINGS_MODULE=trialsite.settings.test $(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python .ci/validation.py
	@$(MAKE) --no-print-directory check-deploy

# Django's own questions to a site, on both databases; the values are made up, and no database is asked.
SITE := DJANGO_SETTINGS_MODULE=trialsite.settings.production ALLOWED_HOSTS=screening.example.org \
  SECRET_KEY=made-up.key-of.0123456789.abcdefghijklmnopqrstuvwxyz.A SEAL_KEY=made-up.seal-of.9876543210.zyxwvutsrqponmlkjihgfedcba.Z

check-deploy: install
	@for database in postgres://screening@db.example.org/screening "sqlite:////nowhere/screening.sqlite3 ALLOW_SQLITE=yes"; do \
	  env -u DEBUG $(SITE) DATABASE_URL=$$database $(BIN)/python manage.py check --deploy --fail-level WARNING || exit 1; \
	done

format: install
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: install
	@$(BIN)/python -m benchmarks

# The lock that was installed last is kept as a stamp: installing again is needed only where the two differ.
# Written as one command, so that a failure says one thing.
install:
	@cmp -s requirements.txt $(STAMP) && exit 0; \
	fail() { echo "$$1" >&2; exit 1; }; \
	command -v $(PYTHON) >/dev/null 2>&1 || \
	  fail "$(PYTHON) is missing: install Python 3.11 or newer (Debian, Ubuntu: apt install python3 python3-venv)."; \
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  fail "$(PYTHON) is older than 3.11: install a newer one and name it (make PYTHON=python3.11 ...)."; \
	$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  fail "$(PYTHON) lacks the venv module: install it (Debian, Ubuntu: apt install python3-venv)."; \
	rm -f $(STAMP); new=; \
	if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	  echo "Building $(VENV): takes a minute, the first time only."; \
	  rm -rf $(VENV); \
	  $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); fail "$(VENV) could not be built; the lines above say why."; }; \
	  new=yes; \
	fi; \
	$(BIN)/python -m pip install $(PIP_FLAGS) --require-hashes -r requirements.txt || \
	  { test -z "$$new" || rm -rf $(VENV); fail "Installing requirements.txt failed; the lines above say why."; }; \
	cp requirements.txt $(STAMP)

# uv is no part of the application: where there is none, it is installed into an environment that is thrown away.
lock:
	@set -e; uv=$$(command -v uv || true); tools=; trap 'rm -rf "$$tools"' EXIT; \
	if [ -z "$$uv" ]; then \
	  tools=$$(mktemp -d); $(PYTHON) -m venv "$$tools"; "$$tools/bin/python" -m pip install $(PIP_FLAGS) uv; uv="$$tools/bin/uv"; \
	fi; \
	"$$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  --output-file requirements.txt requirements.in

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis staticfiles
