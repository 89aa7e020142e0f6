// The page of the API: Swagger UI over the description beside it. It asks no other host.
"use strict";
window.addEventListener("DOMContentLoaded", () => {
  SwaggerUIBundle({
    dom_id: "#swagger-ui",
    url: "openapi.json",
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    validatorUrl: null, // else it would ask one of its makers
    presets: [SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
  });
});
