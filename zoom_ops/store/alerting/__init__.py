"""What is stored for the telling of operators."""
