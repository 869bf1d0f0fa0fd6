// node receive_webhooks.cjs FOLDER SECRET: a receiver made of Standard Webhooks' own package and the SDK of CloudEvents,
// both installed in FOLDER. Prints its port, then what it makes of each delivery; answers 400 to what isn't signed.
const { createRequire } = require("node:module");
const { createServer } = require("node:http");
const { join } = require("node:path");

const [folder, secret] = process.argv.slice(2);
const load = createRequire(join(folder, "package.json"));
const { Webhook } = load("standardwebhooks");
const { HTTP } = load("cloudevents");

const server = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const body = Buffer.concat(parts).toString();
    let told;
    try {
      const payload = new Webhook(secret).verify(body, request.headers);
      told = { payload, event: HTTP.toEvent({ headers: request.headers, body }).toJSON() };
      response.writeHead(204).end();
    } catch (error) {
      told = { refused: error.message };
      response.writeHead(400).end();
    }
    console.log(JSON.stringify(told));
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
