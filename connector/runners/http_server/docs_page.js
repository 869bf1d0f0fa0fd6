"use strict";

const whole = document.querySelector("main");
const entries = [...document.querySelectorAll("nav li")];

document.getElementById("filter").addEventListener("input", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const entry of entries) {
    const block = document.getElementById(entry.dataset.block);
    const shown = !wanted || entry.dataset.words.includes(wanted);
    entry.hidden = !shown;
    block.hidden = !shown;
  }
  for (const group of document.querySelectorAll("nav .group")) {
    group.hidden = ![...group.querySelectorAll("li")].some((entry) => !entry.hidden);
  }
});

function readFields(form) {
  const fields = {};
  for (const control of form.querySelectorAll("[name]")) {
    if (control.value !== "") fields[control.name] = control.value;
  }
  return fields;
}

function show(place, status, text, ok) {
  const line = document.createElement("p");
  line.className = ok ? "status" : "status failed";
  line.textContent = status;
  const answer = document.createElement("pre");
  answer.textContent = text;
  place.replaceChildren(line, answer);
}

async function run(form) {
  const headers = { "Content-Type": "application/json" };
  const key = document.getElementById("api-key").value;
  const connection = document.getElementById("connection").value;
  if (key) headers["X-API-Key"] = key;
  if (connection) headers["X-Connection"] = connection;
  const started = performance.now();
  const response = await fetch(form.getAttribute("action"), {
    method: "POST",
    headers,
    body: JSON.stringify(readFields(form)),
  });
  const taken = `${Math.round(performance.now() - started)} ms`;
  const text = await response.text();
  let shown = text;
  try {
    shown = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // What is no JSON is shown as it came.
  }
  show(form.querySelector("output"), `${response.status} ${response.statusText}, ${taken}`, shown, response.ok);
}

whole.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (!form.hasAttribute("action")) return;
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    await run(form);
  } catch (problem) {
    show(form.querySelector("output"), "No answer", String(problem), false);
  } finally {
    button.disabled = false;
  }
});
