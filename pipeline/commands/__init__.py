"""What each verb of ``havainto`` does, one module a verb."""
