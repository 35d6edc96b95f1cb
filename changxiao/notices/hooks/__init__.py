"""出站推送 webhooks: other systems are told of entries, signed, in order, until they take them."""
