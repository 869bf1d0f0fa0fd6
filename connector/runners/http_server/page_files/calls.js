// Calls to the server, with the API key and the connection that are chosen. The key is kept nowhere but in this page.

const chosen = { key: "", connection: "" };

export const page = document.body.dataset;
/** Addresses are relative, so that the page works below any path. */
export const here = new URL(".", location.href).href;

export const choose = (changes) => Object.assign(chosen, changes);
export const connection = () => chosen.connection;
/** Whether some connection stands in for tokens: the one chosen, or the server's own. */
export const isConnected = () => chosen.connection !== "" || page.own !== "";

/** The answer to a call: its `status`, whether it is `ok`, what it holds as `value` (text where it is no JSON), what was
 * done in words as `did`. An answer that doesn't come is a problem, too. */
export async function call(path, { method = "GET", body } = {}) {
  const headers = {};
  if (chosen.key) headers["X-API-Key"] = chosen.key;
  if (chosen.connection) headers["X-Connection"] = chosen.connection;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await response.text();
    const did = response.headers.get("X-Did");
    return { ok: response.ok, status: response.status, value: parse(text), did: did && decodeURIComponent(did) };
  } catch {
    const detail = "The server gave no answer. See whether it runs, then try again.";
    return { ok: false, status: 0, value: { title: "No answer", detail } };
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
