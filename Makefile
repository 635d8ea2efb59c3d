# make serve   build the view and serve it on http://127.0.0.1:8080/ with demo data
#              CODER=http://127.0.0.1:3000 (also ACTIVITY= WINDSURF= COMPANY=) shows that source instead; PORT= moves it
# make test    every test of every level
# make dist    static files in dist/, for any path of any static host
# make bench   the size of the bundle, how soon the overview is ready, how fast charts are drawn next to other libraries, and how
#              a year of 10,000 people and a table of 100,000 load, in Chromium
#              QUICK=1 for a look; OPEN=1 serves the page of the bench for any browser
#
# Each installs what is missing first, and is safe to repeat.

.PHONY: help serve test dist bench
.NOTPARALLEL:

help:
	@sed -n 's/^# \{0,1\}//p' Makefile

serve:
	@.ci/setup
	@.ci/dist
	@exec node .ci/serve.mjs

test:
	@.ci/setup test
	@.ci/test

dist:
	@.ci/setup
	@.ci/dist
	@echo "dist/ is ready: copy it to a web server."

bench:
	@.ci/setup test
	@.ci/dist
	@.ci/bench
