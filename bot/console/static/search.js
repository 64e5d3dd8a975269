// Results while one writes. The words travel in the body of a POST, never in an address.

import { Failed, post } from "./http.js";

const form = document.getElementById("search");
const words = document.getElementById("words");
const found = document.getElementById("found");
const WAIT = 350; // ms without a key
let waiting = 0;
let asked = 0;

async function look() {
  const mine = ++asked;
  try {
    const { html } = await post("/console/search", { words: words.value });
    if (mine !== asked || found.contains(document.activeElement)) return;
    found.innerHTML = html;
    document.getElementById("said").textContent = found.querySelector("[data-count]")?.textContent ?? "";
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    if (mine === asked) found.textContent = error.message;
  }
}

words.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, WAIT);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  look();
});
// Down and up go through the results.
document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const stops = [words, ...found.querySelectorAll("a")];
  const at = stops.indexOf(document.activeElement);
  if (at < 0) return;
  event.preventDefault();
  stops[Math.min(stops.length - 1, Math.max(0, at + (event.key === "ArrowDown" ? 1 : -1)))].focus();
});
