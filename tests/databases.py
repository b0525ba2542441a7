"""Databases for one test after the other: emptied rather than made anew, which takes a machine ten times as long."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import uuid4

import psycopg
from psycopg.rows import TupleRow

from demo.postgres import Postgres

# What a test may have done besides leaving rows; a database in which that is not as it was is thrown away.
SHAPE = b"""
select (select md5(string_agg(concat(oid, relname, relnatts, relpersistence, relhastriggers), ',' order by oid)) from pg_class),
       (select md5(string_agg(concat(oid, tgenabled), ',' order by oid)) from pg_trigger),
       (select md5(string_agg(concat(oid, conname), ',' order by oid)) from pg_constraint),
       (select md5(string_agg(concat(attrelid, attname, atttypid, attnotnull), ',' order by attrelid, attnum)) from pg_attribute),
       (select md5(string_agg(concat(oid, prosrc), ',' order by oid)) from pg_proc where pronamespace = 'public'::regnamespace),
       (select count(*) from pg_db_role_setting)
"""
OTHERS = b"select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
# Foreign keys and the triggers that keep logs from being emptied are triggers too, and sleep meanwhile.
EMPTY = b"""
do $$
declare
    name text;
    has_rows boolean;
begin
    set local session_replication_role = replica;
    for name in
        select format('%I', tablename) from pg_tables where schemaname = 'public' and tablename <> 'alembic_version'
    loop
        execute 'select exists (select from ' || name || ')' into has_rows;
        if has_rows then
            execute 'delete from ' || name;
        end if;
    end loop;
    perform setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    from pg_sequences where last_value is not null;
end $$
"""


@dataclass
class Databases:
    """Databases of one server that the migrations have run on."""

    postgres: Postgres
    template: str
    _free: list[str] = field(default_factory=list)
    _shapes: dict[str, object] = field(default_factory=dict)

    async def take(self) -> str:
        """Give a database without a row, which is the taker's alone."""
        if self._free:
            return self._free.pop()
        name = f"test_{uuid4().hex}"
        await self.postgres.create_database(name, template=self.template)
        async with await psycopg.AsyncConnection.connect(self.postgres.url(name)) as connection:
            self._shapes[name] = await _shape(connection)
        return name

    async def give_back(self, name: str) -> None:
        """Take a database back, and turn out whoever is still connected to it."""
        try:
            async with await psycopg.AsyncConnection.connect(self.postgres.url(name), autocommit=True) as connection:
                await connection.execute(OTHERS)
                await connection.execute(EMPTY)
                same = await _shape(connection) == self._shapes[name]
        except psycopg.Error:
            same = False
        if same:
            self._free.append(name)
        else:
            await self.postgres.drop_database(name)


async def _shape(connection: psycopg.AsyncConnection[TupleRow]) -> object:
    return await (await connection.execute(SHAPE)).fetchone()
