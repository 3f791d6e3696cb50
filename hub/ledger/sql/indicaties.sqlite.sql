-- name: followed
select i.person from json_each($1) k cross join indicaties i
where i.connection = json_extract(k.value, '$[0]') and i.person = json_extract(k.value, '$[1]')
    and (i.ends_at is null or i.ends_at > $2);
