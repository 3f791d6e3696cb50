"""SOAP 1.1 and 1.2: envelope, fault and action. It knows nothing of what is inside the body."""
