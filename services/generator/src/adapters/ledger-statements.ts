/**
 * The ledger's SQL. Arrays everywhere: one row is the plain call. Rules:
 * - `now()` and autocommit: constant within a statement and, after a wait for a lock, older than the truth, which errs
 *   towards holding a lease;
 * - a row is always answered: the CASE form of the claim changes nothing of a row that another holds;
 * - the order of rows is the order of keys, so that two statements cannot deadlock.
 */

/** State of a row: `open` nobody submits, `submitting` the right is given, `submitted` the request id is known. */
export type CallState = "open" | "submitting" | "submitted" | "finished";

export interface ClaimedRow {
  readonly item_id: string;
  readonly attempt: number;
  readonly nonce: string;
  readonly submits: number;
  readonly request_id: string | null;
  readonly recovery: string | null;
  readonly result: unknown;
  readonly verdict: "finished" | "held" | "resume" | "submit" | "unknown";
  readonly lease_left_ms: number | null;
  readonly submit_age_ms: number | null;
  readonly cancelled: boolean;
}

const isFree = "(c.state <> 'finished' and (c.lease_until is null or c.lease_until < now()))";
const isOpen = `(${isFree} and c.state = 'open')`;
/**
 * Requests to cancel are rare, so nearly always this finds nothing, by three looks into an index. Of a deleted order, whose
 * items are gone, every attempt is cancelled: work of it that comes late buys nothing. Its id is the item's but for the last
 * 32 bits (`contracts/src/identifiers.ts`).
 */
const isCancelled = `(exists (select from order_items i join order_requests r on r.order_id = i.order_id
   where i.id = c.item_id and r.kind = 'cancel' and r.attempt >= c.attempt)
  or exists (select from deleted_orders d where d.id between
   (left(c.item_id::text, 28) || '00000000')::uuid and (left(c.item_id::text, 28) || 'ffffffff')::uuid))`;

/** $1 item ids, $2 attempts, $3 providers, $4 nonces, $5 the token of all, $6 lease in ms. */
export const claimStatement = {
  name: "claim-provider-calls",
  text: `
insert into provider_calls as c
  (item_id, attempt, provider, nonce, state, lease_token, lease_until, submit_token, submit_started_at)
select x.i, x.a, x.p, x.n, 'submitting', $5::uuid, now() + $6::float8 * interval '1 ms', $5::uuid, now()
  from unnest($1::uuid[], $2::int[], $3::text[], $4::text[]) as x(i, a, p, n) order by x.i, x.a
on conflict (item_id, attempt) do update set
  lease_token = case when ${isFree} then excluded.lease_token else c.lease_token end,
  lease_until = case when ${isFree} then excluded.lease_until else c.lease_until end,
  submit_token = case when ${isOpen} then excluded.lease_token else c.submit_token end,
  submit_started_at = case when ${isOpen} then now() else c.submit_started_at end,
  submits = case when ${isOpen} then c.submits + 1 else c.submits end,
  state = case when ${isOpen} then 'submitting' else c.state end
returning item_id, attempt, nonce, submits, request_id, recovery, result,
  case when state = 'finished' then 'finished'
       when lease_token is distinct from $5::uuid then 'held'
       when state = 'submitted' then 'resume'
       when submit_token = $5::uuid then 'submit'
       else 'unknown' end as verdict,
  extract(epoch from lease_until - now())::float8 * 1000 as lease_left_ms,
  extract(epoch from now() - submit_started_at)::float8 * 1000 as submit_age_ms, ${isCancelled} as cancelled`,
};

/**
 * $1 item ids, $2 attempts, $3 lease tokens, $4 lease in ms. A row not answered is a lease that was lost. Tells by the way
 * what was cancelled, whose holder may not have heard of it.
 */
export const renewStatement = {
  name: "renew-leases",
  text: `
update provider_calls c set lease_until = now() + $4::float8 * interval '1 ms'
  from unnest($1::uuid[], $2::int[], $3::uuid[]) x(i, a, t)
 where c.item_id = x.i and c.attempt = x.a and c.lease_token = x.t and c.state <> 'finished'
returning c.item_id, c.attempt, c.lease_token, ${isCancelled} as cancelled`,
};

/** $1 item ids, $2 attempts, $3 submit tokens, $4 request ids. Fenced by the submit right, whoever holds the lease. */
export const checkpointStatement = {
  name: "checkpoint-provider-calls",
  text: `
update provider_calls c set state = 'submitted', request_id = x.r
  from unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[]) x(i, a, t, r)
 where c.item_id = x.i and c.attempt = x.a and c.submit_token = x.t and c.state = 'submitting'
returning c.item_id, c.attempt, c.lease_token = x.t as held`,
};

/**
 * $1 item ids, $2 attempts, $3 lease tokens, $4 request ids, $5 how they were found. Fenced by the lease: what was found is
 * not knowledge of our own.
 */
export const adoptStatement = {
  name: "adopt-provider-calls",
  text: `
update provider_calls c set state = 'submitted', request_id = x.r, recovery = x.v
  from unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::text[]) x(i, a, t, r, v)
 where c.item_id = x.i and c.attempt = x.a and c.lease_token = x.t and c.state = 'submitting'
returning c.item_id, c.attempt, true as held`,
};

/** $1 item id, $2 attempt, $3 lease token, $4 lease in ms, $5 grace in ms, $6 most resubmits. */
export const resubmitStatement = {
  name: "resubmit-provider-call",
  text: `
update provider_calls set submit_token = lease_token, submit_started_at = now(), submits = submits + 1,
  recovery = 'resubmitted', lease_until = now() + $4::float8 * interval '1 ms'
 where item_id = $1::uuid and attempt = $2::int and lease_token = $3::uuid and lease_until > now()
   and state = 'submitting' and submit_started_at < now() - $5::float8 * interval '1 ms' and submits <= $6::int
returning item_id, attempt, nonce`,
};

/** $1 nonces. */
export const readCallbacksStatement = {
  name: "read-provider-callbacks",
  text: "select nonce, request_id from provider_callbacks where nonce = any($1::text[])",
};

/** $1 provider, $2 request ids. No index has them, since every call would pay for it: only for the rare unknown call. */
export const knownRequestsStatement = {
  name: "known-provider-requests",
  text: "select request_id from provider_calls where provider = $1 and request_id = any($2::text[])",
};

/** $1 item ids, $2 attempts, $3 submit tokens. Fenced by the submit right: who has the lease since has no right to lose. */
export const reopenStatement = {
  name: "reopen-provider-calls",
  text: `
update provider_calls c set state = 'open', lease_until = case when c.lease_token = x.t then null else c.lease_until end
  from unnest($1::uuid[], $2::int[], $3::uuid[]) x(i, a, t)
 where c.item_id = x.i and c.attempt = x.a and c.submit_token = x.t and c.state = 'submitting'
returning c.item_id, c.attempt`,
};

/** $1 item ids, $2 attempts, $3 request ids or null, $4 results. The first result of the recorded request wins. */
export const finishStatement = {
  name: "finish-provider-calls",
  text: `
update provider_calls c set state = 'finished', result = x.j, finished_at = now(), lease_until = null
  from unnest($1::uuid[], $2::int[], $3::text[], $4::jsonb[]) x(i, a, r, j)
 where c.item_id = x.i and c.attempt = x.a and c.request_id is not distinct from x.r and c.state <> 'finished'
returning c.item_id, c.attempt`,
};

/** $1 item ids, $2 attempts, $3 lease tokens. */
export const releaseStatement = {
  name: "release-leases",
  text: `
update provider_calls c set lease_until = null
  from unnest($1::uuid[], $2::int[], $3::uuid[]) x(i, a, t)
 where c.item_id = x.i and c.attempt = x.a and c.lease_token = x.t and c.state <> 'finished'
returning c.item_id, c.attempt`,
};

/** $1 item ids, $2 attempts. For the rare row that an update did not match: what it holds instead. */
export const readStatement = {
  name: "read-provider-calls",
  text: `
select c.item_id, c.attempt, c.state, c.request_id, c.result, c.lease_token
  from unnest($1::uuid[], $2::int[]) x(i, a) join provider_calls c on c.item_id = x.i and c.attempt = x.a`,
};

/**
 * $1 order id, $2 highest attempt. The order's items that have not ended and that nobody has submitted, at the highest
 * attempt of the ledger (an item may be behind it), with what the ledger recorded of those calls that it ended before. An
 * open call that is to be submitted again was submitted before, so it is left to its worker.
 */
export const stoppableStatement = {
  name: "read-stoppable-items",
  text: `
select i.id as item_id, i.order_id, i.index, coalesce(c.attempt, i.attempt) as attempt, o.provider, c.state, c.result
  from order_items i join orders o on o.id = i.order_id
  left join lateral (select attempt, state, result, recovery from provider_calls
    where item_id = i.id and attempt between i.attempt and $2 order by attempt desc limit 1) c on true
 where i.order_id = $1 and i.attempt <= $2 and i.status in ('pending', 'processing')
   and (c.state is null or c.state = 'finished' or (c.state = 'open' and c.recovery is null)) order by i.id`,
};

/** $1 item ids, $2 attempts, $3 providers, $4 nonces, $5 results. Who claimed meanwhile keeps the row. */
export const stopStatement = {
  name: "stop-provider-calls",
  text: `
insert into provider_calls as c (item_id, attempt, provider, nonce, state, result, finished_at)
select x.i, x.a, x.p, x.n, 'finished', x.j, now()
  from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::jsonb[]) x(i, a, p, n, j) order by x.i, x.a
on conflict (item_id, attempt) do update set
  state = 'finished', result = excluded.result, finished_at = now(), lease_until = null
  where c.state = 'open' and c.recovery is null
returning c.result`,
};

/** $1 item id, $2 attempt, $3 provider, $4 nonce, $5 result. Who holds a living lease keeps the row. */
export const abandonStatement = {
  name: "abandon-provider-call",
  text: `
insert into provider_calls as c (item_id, attempt, provider, nonce, state, result, finished_at)
values ($1::uuid, $2::int, $3, $4, 'finished', $5::jsonb, now())
on conflict (item_id, attempt) do update set
  state = case when ${isFree} then 'finished' else c.state end,
  result = case when ${isFree} then excluded.result else c.result end,
  finished_at = case when ${isFree} then now() else c.finished_at end,
  lease_until = case when ${isFree} then null else c.lease_until end
returning state, result, extract(epoch from lease_until - now())::float8 * 1000 as lease_left_ms`,
};
