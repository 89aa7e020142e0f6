"""Parts of the plan: which changes a person means, and what is carried out together."""
