"""What could still open a card is found at once, however many codes there are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index(op.f("presentation_card_id_index"), "presentation")
    op.create_index("to_be_emptied", "presentation", ["used_at"], postgresql_where=sa.text("used_at is not null and wrapped is not null"))


def downgrade() -> None:
    op.drop_index("to_be_emptied", "presentation")
    op.create_index(op.f("presentation_card_id_index"), "presentation", ["card_id"])
