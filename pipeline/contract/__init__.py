"""The contract of the tables, a module for the stages that make them."""
