// Drives the API with the types that openapi-typescript generates: node drive.mts ADDRESS TOKEN
import createClient from "openapi-fetch";
import type { components, paths } from "./api.d.ts";

declare const process: { argv: string[] };

const [address, token] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl: `${address}/api/v1`, headers: { Authorization: `Bearer ${token}` } });

function given<T>(answer: { data?: T; error?: components["schemas"]["Problem"] }): T {
  if (answer.data === undefined) throw new Error(answer.error?.detail ?? "no answer");
  return answer.data;
}

const body: components["schemas"]["EventIn"] = {
  name: "Deep Water",
  series: "From TypeScript",
  start: "2040-03-02T14:00:00+01:00",
  end: "2040-03-02T15:00:00+01:00",
  timezone: "Europe/Zurich",
};
const before = given(await client.GET("/events", { params: { query: { per_page: 100 } } }));
const created = given(
  await client.POST("/events", { body, params: { header: { "Idempotency-Key": "typescript-1" } } }),
);
const where = { path: { event_id: created.id } };
const read = await client.GET("/events/{event_id}", { params: where });
const sent = given(
  await client.PUT("/events/{event_id}", {
    params: { ...where, header: { "If-Match": read.response.headers.get("ETag") } },
    body: given(read),
  }),
);
const patched = given(
  await client.PATCH("/events/{event_id}", {
    params: where,
    body: { venue: "Pier 4" },
    headers: { "Content-Type": "application/merge-patch+json" },
  }),
);
const requested = given(
  await client.POST("/jobs/{name}/runs", {
    params: { path: { name: "create_webinars" } },
    body: { event: created.id },
  }),
);
const number = "runs" in requested ? requested.runs[0] : 0;
let run = given(await client.GET("/runs/{run}", { params: { path: { run: number } } }));
while (run.finished === null) {
  await new Promise((go) => setTimeout(go, 50));
  run = given(await client.GET("/runs/{run}", { params: { path: { run: number } } }));
}
const refused = await client.POST("/events", { body: { ...body, timezone: "Mars/Olympus" } });
console.log(
  JSON.stringify({
    before: before.events.map((event) => event.name),
    created: created.action,
    sent: sent.action,
    patched: patched.event.venue,
    run: [run.job, run.state],
    refused: [refused.error?.status, refused.error?.detail],
  }),
);
