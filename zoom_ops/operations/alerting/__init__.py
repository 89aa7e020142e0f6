"""The telling of operators: problems, rounds, delivery, mutes and windows."""
