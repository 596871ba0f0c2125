"""Alembic's entry: runs the migrations on the connection that storage.engine gives."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context

from storage.columns import NAMES

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=sa.MetaData(naming_convention=NAMES),  # names only: no model is read here
    render_as_batch=True,  # SQLite cannot alter a table, only rebuild it
    transactional_ddl=True,  # SQLite can, with BEGIN where storage.engine puts it
)
with context.begin_transaction():
    context.run_migrations()
