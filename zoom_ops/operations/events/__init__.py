"""Operations on event records: import, edit, decide, review, describe."""
