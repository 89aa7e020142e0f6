"""Why work is not done: the service, an account, a job or a run stands still."""
