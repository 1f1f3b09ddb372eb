#!/usr/bin/env bash
# Runs the tests on every version of Node that Emend is kept working on:
#
#   test/platforms.sh                 all tests on the version of .nvmrc, those of requests and stores on the others
#   test/platforms.sh 26.12.1 ...     those of requests and stores on these versions
#   test/platforms.sh --all 26.12.1   all tests on this version
#
# Needs `npm ci`. The same node_modules serves every version: its add-ons are prebuilt against Node-API, or hold a build for
# each. The binaries come from the packages node-PLATFORM-ARCH, into a folder that is removed at the end. A version that cannot
# be fetched, or is not what it says, ends the run before any test.
set -euo pipefail
cd "$(dirname "$0")/.."

# Exact, the oldest that `engines` of package.json allows first. The one place where they stand.
VERSIONS=(20.15.1 22.23.5 24.22.3 26.12.1)
# What answers requests and what it reads: all that depends on Node's http, streams, buffers and add-ons.
PARTS=(test/program.test.ts test/service-faults.test.ts test/services/http test/services/commands test/services/rules test/stores test/corruption)

whole=
if [ "${1-}" = --all ]; then
  whole=${2:?a version after --all}
  VERSIONS=("$whole")
elif [ $# -gt 0 ]; then
  VERSIONS=("$@")
else
  for version in "${VERSIONS[@]}"; do
    if [[ $version = "$(cat .nvmrc)".* ]]; then whole=$version; fi
  done
  if [ -z "$whole" ]; then
    echo "platforms: .nvmrc names Node $(cat .nvmrc), of which test/platforms.sh has no version; add one" >&2
    exit 1
  fi
fi

binaries=$(mktemp -d)
# Tests run the program as a user without rights, too.
chmod 755 "$binaries"
trap 'rm -rf "$binaries"' EXIT
package=node-$(node -p 'process.platform + "-" + process.arch')

for version in "${VERSIONS[@]}"; do
  mkdir "$binaries/$version"
  if ! (cd "$binaries/$version" && echo '{}' >package.json &&
    npm install --no-save --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error "$package@$version"); then
    echo "platforms: npm could not install $package@$version; nothing was tested" >&2
    exit 1
  fi
  found=$("$binaries/$version/node_modules/$package/bin/node" --version)
  if [ "$found" != "v$version" ]; then
    echo "platforms: $package@$version holds Node $found; nothing was tested" >&2
    exit 1
  fi
done

failed=()
for version in "${VERSIONS[@]}"; do
  if [ "$version" = "$whole" ]; then parts=(); else parts=("${PARTS[@]}"); fi
  echo "== Node $version: ${parts[*]:-all tests}"
  bin=$binaries/$version/node_modules/$package/bin
  PATH="$bin:$PATH" "$bin/node" --experimental-vm-modules --no-warnings node_modules/jest/bin/jest.js \
    --maxWorkers=100% ${parts[@]+"${parts[@]}"} || failed+=("$version")
done

if [ ${#failed[@]} -gt 0 ]; then
  echo "platforms: tests failed on Node ${failed[*]}" >&2
  exit 1
fi
echo "platforms: passed on Node ${VERSIONS[*]}"
