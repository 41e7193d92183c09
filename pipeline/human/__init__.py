"""Read what people wrote in a study's ``human`` folder, all of it in one way."""
