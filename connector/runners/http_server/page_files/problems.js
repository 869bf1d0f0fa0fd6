// What went wrong, in words: at the fields that it is about, and above them with what to do next.

import { connection, page } from "./calls.js";
import { canSignIn, signIn } from "./connections.js";
import { make } from "./elements.js";

/** Whether this problem is over once somebody has signed in. */
const callsForSignIn = (problem, blamed) =>
  ["unauthorized", "reauthorize"].includes(problem.kind) ||
  (problem.kind === "missing_fields" && blamed.some((each) => each.field.is_lent));

/** Shows a problem document in `place`, and at each of the `controls` that it blames. */
export function showProblem(place, problem, status, controls) {
  const blamed = controls.filter((each) => {
    const found = (problem.fields ?? []).find((field) => field.name === each.field.name);
    each.blame(found && `${capitalise(found.problem)}.${found.fits ? ` Fits: ${found.fits}.` : ""}`);
    return found;
  });
  const names = blamed.map((each) => each.field.title);
  const said = names.length
    ? `See ${names.join(", ")}: what is wrong stands there.`
    : (problem.detail ?? String(problem));
  const box = make(
    "div",
    { className: "problem", role: "alert" },
    make("h2", {}, problem.title ?? "That didn't work"),
    make("p", {}, said),
    problem.is_uncertain && make("p", {}, "It may have taken effect all the same: look before you run it again."),
    problem.retry_after && make("p", {}, `Try again in ${tellTime(problem.retry_after)}.`),
    page.key && status === 401 && problem.kind === "api_key" && make("p", {}, "Type the API key at the top."),
  );
  if (callsForSignIn(problem, blamed) && canSignIn()) {
    const name = connection() || page.own || "me";
    const button = make("button", { type: "button" }, "Sign in…");
    button.addEventListener("click", () => signIn(name));
    box.append(button);
  }
  place.replaceChildren(box);
  for (const each of blamed) {
    const folded = each.place.closest("details");
    if (folded) folded.open = true;
  }
  blamed[0]?.focus();
}

const capitalise = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** A length of time in words. */
export function tellTime(seconds) {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.ceil(seconds / 60)} minutes`;
  return `${Math.ceil(seconds / 3600)} hours`;
}
