#!/usr/bin/env bash
# Shows that docker-compose.yml works: builds the image, starts everything with three generators, orders ten images at
# each provider and fetches them, looks at the console, a thumbnail, an archive and the dead letters, cancels an order,
# loses an answer to a submit, wipes the broker under an order, and takes everything down again, its volumes too.
# Needs Docker with Compose, curl and unzip.
#
#   TIRAGE_BUILD_NETWORK=host deploy/verify-compose.sh     where containers reach the npm registry by the host's network
set -euo pipefail
cd "$(dirname "$0")/.."

api_key=tirage-local-development
operator_key=tirage-local-operator
export TIRAGE_IMAGE=${TIRAGE_IMAGE:-tirage:verify}
export TIRAGE_PORT=${TIRAGE_PORT:-18080}
# The sandbox calls back, as the real providers do.
export PUBLIC_URL=http://order-api:8080
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
# request KEY CURL-PARAMETERS…; get is as the tenant that orders.
request() { curl --fail --silent --show-error --max-time 70 --header "authorization: Bearer $1" "${@:2}"; }
get() { request "$api_key" "$@"; }
post() { get --request POST "$@"; }
status_of() { curl --silent --output /dev/null --write-out '%{http_code}' --max-time 10 "$@"; }
# read_json EXPRESSION: of the JSON on stdin, as `it`, with the Node of the image.
read_json() { compose 1 exec -T order-api node --input-type=module -e "let text = ''; for await (const part of process.stdin) text += part; const it = JSON.parse(text); console.log($1)"; }
# sandbox METHOD PATH [BODY]: what the provider sandbox answers.
sandbox() {
  compose 1 exec -T provider-sandbox node -e "fetch('http://127.0.0.1:8080$2', { method: '$1'${3:+, body: '$3'} }).then(async (response) => { console.log(await response.text()); if (!response.ok) process.exitCode = 1; })"
}

check_confinement() {
  local service container facts
  for service in provider-sandbox order-api dispatcher generator status-aggregator; do
    for container in $(compose 1 ps -q "$service"); do
      facts=$(docker inspect --format '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}' "$container")
      [[ $facts == "true [ALL] [no-new-privileges:true]" ]] || fail "$service is not confined: $facts"
      [[ $(docker exec "$container" id -u) == 1000 ]] || fail "$service does not run as the user node"
      ! docker exec "$container" touch /app/written 2>/dev/null || fail "$service can write to its program"
    done
  done
  say "image: $(docker image inspect --format '{{.Size}}' "$TIRAGE_IMAGE" | awk '{ printf "%.0f MB", $1 / 1e6 }'), run as uid 1000 without capabilities on a read-only file system"
}

check_console() {
  local headers=$folder/console-headers page=$folder/console.html jar=$folder/console-cookies script
  curl --fail --silent --max-time 10 --dump-header "$headers" --output "$page" "$api/" || fail "the console does not answer"
  grep -qi "^content-security-policy: default-src 'self'" "$headers" || fail "the console has no content security policy"
  script=$(grep -oE 'src="/assets/[^"]+\.js"' "$page" | head -n 1 | cut -d '"' -f 2)
  [[ -n $script && $(status_of "$api$script") == 200 ]] || fail "the console's script is not there: '$script'"
  [[ $(status_of "$api/v1/orders") == 401 ]] || fail "without a key the API must answer 401"
  curl --fail --silent --max-time 10 --cookie-jar "$jar" --request POST --header "authorization: Bearer $api_key" "$api/v1/session" || fail "the key must make a session"
  grep -q '^#HttpOnly_.*tirage_session' "$jar" || fail "scripts must not read the session's cookie"
  [[ $(status_of --cookie "$jar" "$api/v1/orders") == 200 ]] || fail "the console's cookie must be taken for the key"
  [[ $(status_of --cookie "$jar" --header 'sec-fetch-site: cross-site' --request POST "$api/v1/orders") == 403 ]] ||
    fail "the cookie must not be taken from another site's page"
  say "console: its page with a policy, its script, its session by cookie"
}

has_three_generators() { [[ $(get "$api/v1/workers" | read_json 'it.data.filter(({ service }) => service === "generator").length') == 3 ]]; }

# place PROVIDER MODEL QUANTITY BATCH-SIZE [CURL-PARAMETERS…]: orders it, and prints the answer.
place() {
  post --header 'content-type: application/json' "${@:5}" "$api/v1/orders" \
    --data "{\"provider\":\"$1\",\"model\":\"$2\",\"prompt\":\"a lighthouse at dusk\",\"quantity\":$3,\"batchSize\":$4}"
}
is_order() { [[ $(get "$api/v1/orders/$1" | read_json "$2") == "$3" ]]; }

# check_ten PROVIDER MODEL: orders ten images and fetches each of them, large, small, and all as one archive.
check_ten() {
  local order=$folder/$1.json products=$folder/$1-products.json archive=$folder/$1.zip id count=0 product sha256 last last_sha256
  place "$1" "$2" 10 4 --header 'prefer: wait=60' >"$order"
  read_json 'JSON.stringify(it, null, 2)' <"$order"
  [[ $(read_json '`${it.status} ${it.partial} ${it.plan.generations} ${it.progress.products.produced}`' <"$order") == "completed false 3 10" ]] ||
    fail "the order at $1 did not end completed, with 3 generations and 10 products"
  id=$(read_json it.id <"$order")
  get "$api/v1/orders/$id/products" >"$products"
  while read -r product sha256; do
    get --output "$folder/content" "$api/v1/products/$product/content"
    [[ $(sha256sum <"$folder/content") == "$sha256 "* ]] || fail "product $product is not the one that was listed"
    count=$((count + 1)) last=$product last_sha256=$sha256
  done < <(read_json 'it.data.map(({ id, sha256 }) => `${id} ${sha256}`).join("\n")' <"$products")
  ((count == 10)) || fail "$1 has $count products, not 10"
  (($(read_json 'new Set(it.data.map(({ sha256 }) => sha256)).size' <"$products") == 10)) || fail "the products of $1 are not distinct"

  # Twice: made, and kept.
  for _ in 1 2; do
    get --output "$folder/thumbnail" "$api/v1/products/$last/thumbnail"
    [[ $(head -c 12 "$folder/thumbnail" | tail -c 4) == WEBP ]] || fail "the thumbnail of product $last is no WebP"
  done

  get --output "$archive" "$api/v1/orders/$id/archive"
  unzip -tqq "$archive" || fail "the archive of $1 cannot be read"
  [[ $(unzip -p "$archive" manifest.json | read_json '`${it.complete} ${it.images.length} ${it.missing.length}`') == "true 10 0" ]] ||
    fail "the manifest of $1 does not have its ten images"
  [[ $(unzip -p "$archive" "$(unzip -p "$archive" manifest.json | read_json 'it.images.at(-1).file')" | sha256sum) == "$last_sha256 "* ]] ||
    fail "the last image of the archive of $1 is not the last product"
  say "$1: 10 products, each with the SHA-256 it is listed with; thumbnail; archive with manifest"
}

check_cancel() {
  local id
  request "$operator_key" --request POST "$api/v1/queues/fal/pause" >"$folder/pause.json"
  [[ $(status_of --request POST --header "authorization: Bearer $api_key" "$api/v1/queues/fal/resume") == 403 ]] ||
    fail "only the operator's key may resume a provider"
  id=$(place fal fal-ai/flux/schnell 10 4 | read_json it.id)
  post "$api/v1/orders/$id/cancel" >"$folder/cancel.json"
  wait_until 60 "the order cancelled" is_order "$id" it.status cancelled
  [[ $(get "$api/v1/orders/$id/items" | read_json 'it.data.map(({ outcome }) => outcome).join(" ")') == "not_started not_started not_started" ]] ||
    fail "each item of a cancelled order must say that it was not started"
  request "$operator_key" --request POST "$api/v1/queues/fal/resume" >"$folder/resume.json"
  say "cancel: 3 of 3 items not started, while the operator had paused fal"
}

check_callback() {
  local id
  sandbox POST /__control '{ "rules": [{ "fault": "lost_response", "provider": "fal", "times": 1 }] }' >"$folder/control.json"
  id=$(place fal fal-ai/flux/schnell 1 1 | read_json it.id)
  wait_until 100 "the order whose submit was not answered" is_order "$id" it.status completed
  [[ $(get "$api/v1/orders/$id/items" | read_json '`${it.data[0].recovery} ${it.data[0].submits}`') == "callback 1" ]] ||
    fail "the order whose submit was not answered must have been found by its callback"
  say "callback: a submit whose answer was lost was found by it, and not sent again"
}

check_dead_letters() {
  local letters=$folder/dead-letters.json
  [[ $(get "$api/v1/dead-letters" | read_json it.data.length) == 0 ]] || fail "there are dead letters after orders that ended well"
  # Resolved from the folder whose package uses the broker.
  compose 1 exec -T -w /app/packages/messaging order-api node --input-type=module -e '
    import { connect } from "@nats-io/transport-node";
    const connection = await connect({ servers: process.env.NATS_URL });
    await connection.request("order.created.unreadable", "{", { timeout: 5000 });
    await connection.close();'
  has_dead_letter() { request "$operator_key" "$api/v1/dead-letters" >"$letters" && [[ $(read_json 'it.data[0]?.subject' <"$letters") == order.created.unreadable ]]; }
  wait_until 60 "the dead letter of an unreadable message" has_dead_letter
  [[ $(get "$api/v1/dead-letters" | read_json it.data.length) == 0 ]] || fail "a dead letter of no order is the operator's alone"
  say "dead letters: $(read_json '`${it.data.length}, ${it.data[0].code}`' <"$letters")"
}

# A hundred generations of two seconds, ten at once, so that the broker goes amid them.
check_broker_wipe() {
  local id completed started
  sandbox POST /__control '{ "latencyMs": 2000 }' >"$folder/control.json"
  id=$(place replicate black-forest-labs/flux-schnell 100 1 | read_json it.id)
  has_begun() { (($(get "$api/v1/orders/$id" | read_json it.progress.items.completed) > 0)); }
  wait_until 60 "the first generation" has_begun
  compose 1 kill nats >"$folder/wipe.log" 2>&1
  compose 1 rm --force nats >>"$folder/wipe.log" 2>&1
  docker volume rm "${project}_nats" >>"$folder/wipe.log"
  completed=$(get "$api/v1/orders/$id" | read_json it.progress.items.completed)
  ((completed < 100)) || fail "the order had ended before the broker was gone"
  compose 2 up --detach --no-deps nats >>"$folder/wipe.log" 2>&1
  started=$SECONDS
  wait_until 120 "the order under which the broker was wiped" is_order "$id" '`${it.status} ${it.progress.products.produced}`' "completed 100"
  [[ $(sandbox GET '/__ledger?limit=0' | read_json it.totals.paidTwice) == 0 ]] || fail "something was paid twice"
  say "broker and its volume removed with $completed of 100 generations done: all done $((SECONDS - started)) s after its return, nothing paid twice"
}

check_confinement
check_console
wait_until 60 "three generators alive" has_three_generators
check_ten fal fal-ai/flux/schnell
check_ten replicate black-forest-labs/flux-schnell
check_cancel
check_callback
check_dead_letters
check_broker_wipe
say "all of it works"
