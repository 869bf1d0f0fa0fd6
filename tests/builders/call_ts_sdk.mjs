// node call_ts_sdk.mjs MODULE: makes the calls that standard input lists, by Spotify's own client, against a sandbox.
import { text } from "node:stream/consumers";

const { url, credentials, token, calls } = JSON.parse(await text(process.stdin));
const { SpotifyApi } = await import(process.argv[2]);

// Both addresses of the service are fixed in the client.
const fetchOut = globalThis.fetch;
globalThis.fetch = (address, init) =>
  fetchOut(
    address
      .replace("https://api.spotify.com/", `${url}/`)
      .replace("https://accounts.spotify.com/", `${url}/`),
    init,
  );

const client = credentials
  ? SpotifyApi.withClientCredentials(...credentials)
  : SpotifyApi.withAccessToken("sandbox-client", token);
const answers = [];
for (const [name, ...given] of calls) {
  const [owner, method] = name.includes(".") ? name.split(/\.(?=[^.]+$)/) : ["", name];
  const target = owner.split(".").reduce((found, step) => (step ? found[step] : found), client);
  try {
    answers.push([name, (await target[method](...given.map((value) => value ?? undefined))) ?? null]);
  } catch (error) {
    answers.push([name, { failed: String(error) }]);
  }
}
console.log(JSON.stringify(answers));
