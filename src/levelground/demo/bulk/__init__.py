"""Members by the hundred or by ten thousand: rows as the services write them, made from seeds, put in together."""
