#!/usr/bin/env bash
# Shows that docker-compose.yml works: builds the image, starts everything with three generators, orders ten images,
# fetches them, prints the order and takes everything down again, its volumes too. Needs Docker with Compose, and curl.
#
#   TIRAGE_BUILD_NETWORK=host deploy/verify-compose.sh     where containers reach the npm registry by the host's network
set -euo pipefail
cd "$(dirname "$0")/.."

api_key=tirage-local-development
export TIRAGE_IMAGE=${TIRAGE_IMAGE:-tirage:verify}
export TIRAGE_PORT=${TIRAGE_PORT:-18080}
project=tirage-verify-$$
api=http://127.0.0.1:$TIRAGE_PORT
folder=$(mktemp -d)
files=(-f docker-compose.yml)

say() { printf 'verify-compose: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

if docker compose version >/dev/null 2>&1; then compose_program=(docker compose); else compose_program=(docker-compose); fi
# compose MINUTES PARAMETERS…
compose() {
  local minutes=$1
  shift
  timeout "${minutes}m" "${compose_program[@]}" -p "$project" "${files[@]}" "$@"
}

end() {
  local status=$?
  trap - EXIT
  if ((status != 0)); then
    compose 1 ps >&2 || true
    compose 1 logs --tail=40 >&2 || true
  fi
  say "taking it down"
  compose 3 down --volumes --remove-orphans >"$folder/down.log" 2>&1 || { cat "$folder/down.log" >&2; status=1; }
  rm -rf "$folder"
  exit "$status"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A stand-in for the NATS image may lack wget, which the official one has: then bash asks for its health.
if docker image inspect nats:2.15-alpine >/dev/null 2>&1 &&
  ! timeout 1m docker run --rm --entrypoint sh nats:2.15-alpine -c 'command -v wget' >/dev/null; then
  say "this machine's nats:2.15-alpine has no wget: its health is asked for by bash"
  cat >"$folder/nats-health.yml" <<'YAML'
services:
  nats:
    healthcheck:
      test: [CMD, bash, -c, "exec 3<>/dev/tcp/127.0.0.1/8222; printf 'GET /healthz HTTP/1.0\r\n\r\n' >&3; grep -q ' 200 ' <&3"]
YAML
  # The folder of the first file stays the project's.
  files+=(-f "$folder/nats-health.yml")
fi

say "building and starting it, with three generators"
compose 20 up --detach --build --scale generator=3 >"$folder/up.log" 2>&1 || { tail -n 60 "$folder/up.log" >&2; fail "it could not be started"; }

# wait_until SECONDS WHAT COMMAND…
wait_until() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || fail "$what: not within its time"
    sleep 0.5
  done
}

wait_until 120 "order-api ready" curl --fail --silent --max-time 5 "$api/readyz"
get() { curl --fail --silent --show-error --max-time 70 --header "authorization: Bearer $api_key" "$@"; }
# read_json EXPRESSION: of the JSON on stdin, as `it`, with the Node of the image.
read_json() { compose 1 exec -T order-api node --input-type=module -e "let text = ''; for await (const part of process.stdin) text += part; const it = JSON.parse(text); console.log($1)"; }

[[ $(curl --silent --output /dev/null --write-out '%{http_code}' --max-time 10 "$api/v1/orders") == 401 ]] || fail "without a key the API must answer 401"

has_three_generators() { [[ $(get "$api/v1/workers" | read_json 'it.data.filter(({ service }) => service === "generator").length') == 3 ]]; }
wait_until 60 "three generators alive" has_three_generators

# place PROVIDER MODEL: orders ten images and fetches each of them.
place() {
  local order=$folder/$1.json products=$folder/$1-products.json id count=0 product sha256
  get --header 'content-type: application/json' --header 'prefer: wait=60' "$api/v1/orders" \
    --data "{\"provider\":\"$1\",\"model\":\"$2\",\"prompt\":\"a lighthouse at dusk\",\"quantity\":10,\"batchSize\":4}" >"$order"
  read_json 'JSON.stringify(it, null, 2)' <"$order"
  [[ $(read_json '`${it.status} ${it.partial} ${it.plan.generations} ${it.progress.products.produced}`' <"$order") == "completed false 3 10" ]] ||
    fail "the order at $1 did not end completed, with 3 generations and 10 products"
  id=$(read_json it.id <"$order")
  get "$api/v1/orders/$id/products" >"$products"
  while read -r product sha256; do
    get --output "$folder/content" "$api/v1/products/$product/content"
    [[ $(sha256sum <"$folder/content") == "$sha256 "* ]] || fail "product $product is not the one that was listed"
    count=$((count + 1))
  done < <(read_json 'it.data.map(({ id, sha256 }) => `${id} ${sha256}`).join("\n")' <"$products")
  ((count == 10)) || fail "$1 has $count products, not 10"
  (($(read_json 'new Set(it.data.map(({ sha256 }) => sha256)).size' <"$products") == 10)) || fail "the products of $1 are not distinct"
  say "$1: 10 products, each with the SHA-256 it is listed with"
}

place fal fal-ai/flux/schnell
place replicate black-forest-labs/flux-schnell
say "all of it works"
