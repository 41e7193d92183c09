"""Which language a text is in, its words' dictionary forms and its function words."""
