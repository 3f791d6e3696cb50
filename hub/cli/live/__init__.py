"""`zaakhub check --live`: is a target ready for what an outbound connection will send it."""
