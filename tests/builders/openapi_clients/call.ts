// node call.js URL: makes calls by the client that is typed by the document, and prints what came.
import createClient from "openapi-fetch";

import type { paths } from "./blocks.js";

declare const process: { argv: string[] };

const TRACK = "4iV5W9uYEdYUVa79Axb7Rh";
const client = createClient<paths>({ baseUrl: process.argv[2], headers: { "X-Connection": "alice" } });

const listing = await client.GET("/blocks");
const track = await client.POST("/blocks/getTrack", { body: { id: TRACK } });
const saved = await client.POST("/blocks/getUserSavedTracks", { body: { max_items: 3 } });
const written = await client.POST("/blocks/saveTrack", { body: { id: [TRACK] } });
const refused = await client.POST("/blocks/saveTrack", { body: { id: ["?"] } });
const polled = await client.POST("/triggers/newSavedTrack", { body: { args: { also_last: 2 } } });
// @ts-expect-error - a state is no number
client.POST("/triggers/newSavedTrack", { body: { state: 3 } });
// @ts-expect-error - a track has no such field
track.data?.no_such_field;
// @ts-expect-error - a field that has to be given
client.POST("/blocks/getTrack", { body: {} });

// Each is of one type: what it is need not be asked.
const id: string | null | undefined = track.data?.id;
const ids: (string | null | undefined)[] | undefined = saved.data?.items?.map((entry) => entry?.track?.id);
const heard: (string | null | undefined)[] | undefined = polled.data?.events.map((event) => event.data.track?.id);
const kind: "invalid_fields" | string | undefined = refused.error?.kind;
console.log(
  JSON.stringify({
    blocks: listing.data?.blocks.length,
    track: id,
    saved: ids,
    heard,
    written: [written.response.status, written.response.headers.get("X-Did")],
    refused: [refused.error?.status, kind, refused.error?.fields?.[0].name],
  }),
);
