"""Archive a study: for a publication without texts, for a data archive with them."""
