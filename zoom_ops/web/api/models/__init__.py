"""Models of the answers: the OpenAPI description is made from them, and the tests hold every answer against it."""
