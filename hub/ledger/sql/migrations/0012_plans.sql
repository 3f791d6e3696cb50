-- Replay plans: what is to be sent again, frozen before anything is sent. `ramp`, `stop_at` (per million), `targets` and
-- `kinds` are as the program wrote them; the counts from `waiting` on are of the items by state. `paced_at` is up to
-- when the rate is used up. Whoever holds the lease runs it.
create table plans (
    id text primary key,
    state text not null,
    state_reason text not null,
    made_by text not null,
    made_at timestamptz not null,
    reason text not null,
    approved_by text not null,
    needs_approval bigint not null,
    mode text not null,
    superseded text not null,
    redirect text not null,
    ramp text not null,
    per_minute bigint not null,
    stop_at bigint not null,
    again_of text not null,
    step bigint not null,
    step_released bigint not null,
    step_delivered bigint not null,
    step_failed bigint not null,
    total bigint not null,
    zaken bigint not null,
    targets text not null,
    kinds text not null,
    oldest_at timestamptz,
    newest_at timestamptz,
    superseded_count bigint not null,
    taken_along bigint not null,
    expected_s bigint not null,
    waiting bigint not null,
    released bigint not null,
    delivered bigint not null,
    failed bigint not null,
    skipped bigint not null,
    gone bigint not null,
    not_done bigint not null,
    holder text not null,
    leased_until timestamptz not null,
    paced_at timestamptz not null,
    changed_at timestamptz not null
);
create index plans_time on plans (made_at, id);
create index plans_at_work on plans (made_at) where state = 'loopt' or released > 0;

-- The zaken of a plan, per stage. Items of a zaak have consecutive numbers; `next_number` is the first that was not come
-- to, those from `flying_from` on may be under way. `turn` lets all zaken have theirs. One plan has a zaak at a time.
create table plan_lanes (
    plan_id text not null,
    stage text not null,
    lane text not null,
    state text not null,
    first_number bigint not null,
    last_number bigint not null,
    next_number bigint not null,
    flying_from bigint not null,
    flying bigint not null,
    turn bigint not null,
    primary key (plan_id, stage, lane)
);
create unique index plan_lanes_taken on plan_lanes (stage, lane) where state in ('vrij', 'onderweg');
create index plan_lanes_turn on plan_lanes (plan_id, state, turn, stage, lane);
create index plan_lanes_lane on plan_lanes (lane);

-- What each plan sends again. `item_id` at `source` is the message; `entry_id` at `stage` is what stands in the queue for
-- it: the message itself where it was parked, else a copy of the plan's own. `attempts` are those before it was released.
create table plan_items (
    plan_id text not null,
    number bigint not null,
    stage text not null,
    lane text not null,
    item_id text not null,
    source text not null,
    entry_id text not null,
    failure_id text not null,
    kind text not null,
    origin text not null,
    state text not null,
    superseded bigint not null,
    taken_along bigint not null,
    note text not null,
    attempts bigint not null,
    topic text not null,
    partition bigint not null,
    log_offset bigint not null,
    at timestamptz not null,
    released_at timestamptz,
    ended_at timestamptz,
    primary key (plan_id, number)
);
create index plan_items_item on plan_items (item_id);
create index plan_items_under_way on plan_items (plan_id, number) where state = 'onderweg';

-- What a connection ended in some time, to send it again. Only a statement that repeats the condition can use it: no
-- look-up by key comes to read all of a connection because the index looked small when it was planned.
create index deliveries_time on deliveries (stage, ended_at) where state in ('afgeleverd', 'vervallen');
