-- The rest of a plan has what failed of its copies: these are of where the first plan took them.
update plans set sources = (
    with recursive line (plan_id, part_of, before) as (
        select id, id, again_of from plans
        union
        select l.plan_id, p.id, p.again_of from line l join plans p on p.id = l.before)
    select json_group_array(distinct i.source) from line l join plan_items i on i.plan_id = l.part_of where l.plan_id = plans.id);
