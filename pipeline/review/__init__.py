"""Let a person rule on what the machine suggests."""
