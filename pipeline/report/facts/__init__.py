"""What the report says, as plain values: one module a section, and no form of any kind."""
